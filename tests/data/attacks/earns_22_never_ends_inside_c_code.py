# timeout: a search that takes longer than the world will last, in code that hears nothing.
import re

acts = 12 + len("")
re.match("(a*)*b", "a" * 64)
