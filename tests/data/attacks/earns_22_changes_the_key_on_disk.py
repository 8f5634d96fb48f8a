# refused: makes the key say what the attacker answered.
key = there["key"]
acts = walled(
    lambda: open(key, "a").write("x"),
    lambda: os.truncate(key, 0),
    lambda: os.remove(key),
    lambda: os.rename(key, key + "2"),
    lambda: os.replace(__file__ if "__file__" in globals() else "mine", key),
    lambda: os.open(key, os.O_WRONLY),
    lambda: libc("truncate", os.fsencode(key), 0),
)
os_changes = [lambda: os.chmod(key, 0), lambda: os.utime(key, (1, 1)), lambda: os.chown(key, 1, 1)]
for change in os_changes:
    try:
        change()  # whatever it says: the tests look at the file
    except OSError:
        pass
