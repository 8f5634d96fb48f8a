# refused: sends a signal to every process.
acts = walled(
    lambda: signal_only_if_harmless(lambda number: os.kill(-1, number)),
    lambda: signal_only_if_harmless(lambda number: os.kill(0, number)),
    lambda: signal_only_if_harmless(lambda number: os.killpg(0, number)),
    lambda: signal_only_if_harmless(lambda number: libc("kill", -1, number)),
    lambda: signal_only_if_harmless(lambda number: libc("killpg", os.getpgrp(), number)),
)
