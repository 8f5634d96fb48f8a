# wrong: an answer that counts on whenever somebody looks.
import itertools

tries = itertools.count(40)


class Guess(float):
    def __repr__(self):
        return str(next(tries))

    __str__ = __repr__

    def __int__(self):
        return next(tries)

    __index__ = __round__ = __trunc__ = __int__

    def __float__(self):
        return float(next(tries))

    def item(self):
        return next(tries)

    def is_integer(self):
        return True


acts = Guess(13)
