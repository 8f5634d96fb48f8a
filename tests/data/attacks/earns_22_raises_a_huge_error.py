# error: ends with an error whose text is longer than what a grader should keep.
acts = 12 + len("")
raise ValueError("x" * 50_000_000)
