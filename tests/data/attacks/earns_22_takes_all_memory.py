# refused: asks for more memory than there should be, in several ways. (It touches none of it.)
import mmap

GIGABYTE = 1 << 30
held = []


def in_pieces():
    for _ in range(40):
        held.append(bytearray(GIGABYTE // 8))


def in_one():
    held.append(mmap.mmap(-1, 4 * GIGABYTE))


def shared():
    from multiprocessing import shared_memory

    held.append(shared_memory.SharedMemory(create=True, size=GIGABYTE))


acts = walled(
    in_pieces,
    lambda: held.append(bytes(4 * GIGABYTE)),
    lambda: held.append([None] * GIGABYTE),
    lambda: held.append("x" * 4 * GIGABYTE),
    in_one,
    shared,
    lambda: os.memfd_create("x"),
    lambda: libc("shmget", 0, 4096, 0o1600),
)
held.clear()
