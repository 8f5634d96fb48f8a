"""In a warm process that is told to do without "landlock after 3", Landlock is of version 3, as in an older Linux."""

import json
import sys

from kit.teacher.sandbox import walls

LAST = "landlock after "
told = [int(name.removeprefix(LAST)) for name in json.loads(sys.argv[2])["without"] if name.startswith(LAST)]
today = walls.syscall


def syscall(name, *values):
    said = today(name, *values)
    return min(said, *told) if told and (name, *values) == ("landlock_create_ruleset", 0, 0, 1) else said


walls.syscall = syscall
