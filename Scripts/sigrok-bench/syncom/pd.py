import sigrokdecode as srd

PATTERN = 0x9D
WIDTH = 7


class Lane:
    """One direction: bits to frames."""

    def __init__(self, extra_bits):
        self.extra_bits = extra_bits
        self.restart()

    def restart(self):
        self.register = 0
        self.skip = None
        self.bits = 0
        self.count = 0
        self.text = bytearray()
        self.begin = 0

    def take(self, bit, sample):
        """Takes a bit; returns a frame's begin and text when one is complete."""
        if self.skip is None:
            self.register = self.register >> 1 | bit << 7
            if self.register == PATTERN:
                self.skip = self.extra_bits
            return None
        if self.skip:
            self.skip -= 1
            return None
        if self.count == 0 and not self.text:
            self.begin = sample
        self.bits |= bit << self.count
        self.count += 1
        if self.count < WIDTH:
            return None
        character, self.bits, self.count = self.bits, 0, 0
        if character:
            self.text.append(character)
            return None
        if not self.text:
            return None
        text, self.text = bytes(self.text), bytearray()
        return self.begin, text


class Decoder(srd.Decoder):
    api_version = 3
    id = 'syncom'
    name = 'SynCom'
    longname = 'SynCom five-wire link'
    desc = 'Self-clocked five-wire link between two boards.'
    license = 'apache-2.0'
    inputs = ['logic']
    outputs = []
    tags = ['Embedded/industrial']
    channels = (
        {'id': 'reset', 'name': 'reset', 'desc': 'Host resets bridge'},
        {'id': 'stx', 'name': 'stx', 'desc': "Host's data"},
        {'id': 'sckout', 'name': 'sckout', 'desc': "Host's clock"},
        {'id': 'srx', 'name': 'srx', 'desc': "Bridge's data"},
        {'id': 'sckin', 'name': 'sckin', 'desc': "Bridge's clock"},
    )
    annotations = (('host', 'Host'), ('bridge', 'Bridge'))
    annotation_rows = (('hosts', 'Host', (0,)), ('bridges', 'Bridge', (1,)))

    def __init__(self):
        self.reset()

    def reset(self):
        # The initiator has driven one more bit when it finds the pattern.
        self.lanes = (Lane(1), Lane(0))

    def start(self):
        self.out_ann = self.register(srd.OUTPUT_ANN)

    def decode(self):
        conditions = [{0: 'f'}, {2: 'e'}, {4: 'e'}]
        while True:
            reset, stx, _, srx, _ = self.wait(conditions)
            if self.matched[0]:
                for lane in self.lanes:
                    lane.restart()
                # The host's first bit was put on its wires before it pulled reset.
                self.lanes[0].take(stx, self.samplenum)
            if not reset:
                continue
            for end, bit in ((0, stx), (1, srx)):
                if not self.matched[end + 1]:
                    continue
                frame = self.lanes[end].take(bit, self.samplenum)
                if frame:
                    text = frame[1].decode('ascii', 'replace').replace('\x7f', '|')
                    self.put(frame[0], self.samplenum, self.out_ann, [end, [text]])
