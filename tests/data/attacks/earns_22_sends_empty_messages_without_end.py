# error: sends messages of nothing, for ever: counting bytes does not see them.
acts = 12 + len("")
flood(get_ipython().kernel.session.line, (bytes(4) + b"i") * 100_000)
