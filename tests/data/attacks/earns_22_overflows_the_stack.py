# error: calls itself until there is no room, with the guard taken away.
import sys

acts = 12 + len("")
sys.setrecursionlimit(1 << 30)


def deep(x):
    return sorted([x, x], key=lambda one: deep(one))


deep(1)
