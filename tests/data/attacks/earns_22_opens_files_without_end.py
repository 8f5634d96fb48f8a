# refused: opens files, pipes and events until there are none left.
held = []


def many(make):
    for _ in range(5000):
        held.append(make())


acts = walled(lambda: many(lambda: open(os.devnull)), lambda: many(os.pipe), lambda: many(lambda: os.eventfd(0)))
for one in held:
    for number in one if isinstance(one, tuple) else (one,):
        os.close(number if isinstance(number, int) else number.fileno())
