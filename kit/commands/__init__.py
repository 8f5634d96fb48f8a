"""The commands of `kit`, one module each: `add` names its options, `run` does it and returns the exit code.

The first line of a module's docstring is what `kit --help` says of it. Each fetches what it needs when it runs.
"""
