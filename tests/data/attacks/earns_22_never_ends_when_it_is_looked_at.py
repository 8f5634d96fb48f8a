# timeout: an answer that loops for ever once the check turns it into a text or a number.
class Loop:
    def _for_ever(self, *_):
        while True:
            pass

    __repr__ = __str__ = __int__ = __float__ = __index__ = __bool__ = __eq__ = __len__ = __iter__ = _for_ever
    __getattr__ = _for_ever


acts = Loop()
