# timeout: does nothing, for a week.
acts = 12 + len("")
time.sleep(600_000)
