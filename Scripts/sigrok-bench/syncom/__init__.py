"""The SynCom link: five wires, frames of seven-bit characters. As little as sigrok-cli needs to be
compared with: no resynchronisation, no gaps, no messages."""

from .pd import Decoder
