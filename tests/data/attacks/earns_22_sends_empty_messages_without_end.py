# error: sends messages of nothing, for ever: counting bytes does not see them.
acts = 12 + len("")
flood_the_outputs(bytes(2) * 100_000)  # the last part, of no bytes
