import MQTTProtocol
import Testing

@Suite struct PacketRoundTripTests {
    @Test(arguments: 0..<20)
    func whatIsWrittenReadsAsTheSame(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<100 {
            let packet = random.packet()
            let (readings, fault) = read([try packet.encoded()], from: .of(packet))
            #expect(readings == [.packet(packet)])
            #expect(fault == nil)
        }
    }

    @Test(arguments: 0..<10)
    func everyTruncationWaitsForTheRest(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<30 {
            let packet = random.packet()
            let encoded = try packet.encoded()
            for count in encoded.indices {
                let (readings, fault) = read(
                    [Array(encoded[..<count]), Array(encoded[count...])], from: .of(packet))
                #expect(readings == [.packet(packet)], "cut after \(count) bytes")
                #expect(fault == nil, "cut after \(count) bytes")
                let cut = read([Array(encoded[..<count])], from: .of(packet))
                #expect(cut.readings.isEmpty && cut.fault == nil, "cut after \(count) bytes")
            }
        }
    }

    @Test(arguments: [MQTTSender.client, .server], 0..<5)
    func piecesOfAnySizeReadAsTheWhole(sender: MQTTSender, seed: UInt64) throws {
        var random = Seeded(seed: seed)
        var stream: [UInt8] = []
        var packets: [MQTTReading] = []
        while packets.count < 50 {
            let packet = random.packet()
            guard packet.type.isSent(by: sender) else { continue }
            packets.append(.packet(packet))
            stream += try packet.encoded()
        }
        #expect(read([stream], from: sender).readings == packets)
        #expect(read(stream.map { [$0] }, from: sender).readings == packets)
        var pieces: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(random.below(40))))
            rest = rest.dropFirst(pieces[pieces.count - 1].count)
        }
        #expect(read(pieces, from: sender).readings == packets)
    }

    /// A change of one byte gives another packet, a fault or a wait, the same in whatever pieces;
    /// and a packet that comes of it is written as it was read.
    @Test(arguments: 0..<10)
    func anyChangedByteIsTaken(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<20 {
            let packet = random.packet()
            let encoded = try packet.encoded()
            for index in encoded.indices {
                var damaged = encoded
                damaged[index] ^= UInt8.random(in: 1...255, using: &random)
                let whole = read([damaged], from: .of(packet), packetLengthMax: 256)
                let pieces = read(damaged.map { [$0] }, from: .of(packet), packetLengthMax: 256)
                #expect(whole.readings == pieces.readings)
                #expect(whole.fault == pieces.fault)
                for case .packet(let reading) in whole.readings {
                    guard !reading.isEmptyNamed else { continue }
                    let written = try reading.encoded()
                    #expect(read([written], from: .of(packet)).readings == [.packet(reading)])
                }
            }
        }
    }

    @Test(arguments: 0..<10)
    func noiseIsTaken(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<200 {
            let noise = (0..<random.below(60)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            for sender in [MQTTSender.client, .server] {
                let whole = read([noise], from: sender)
                let pieces = read(noise.map { [$0] }, from: sender)
                #expect(whole.readings == pieces.readings)
                #expect(whole.fault == pieces.fault)
            }
        }
    }
}

extension MQTTPacket {
    /// A CONNECT without a name that wants its session kept: a broker answers it with a code, and
    /// nobody writes it.
    fileprivate var isEmptyNamed: Bool {
        guard case .connect(let connect) = self else { return false }
        return connect.clientIdentifier.isEmpty && !connect.cleanSession
    }
}
