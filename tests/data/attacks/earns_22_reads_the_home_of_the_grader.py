# refused: reads the home folder, its grades, and the list of users.
acts = walled(
    *(lambda home=home: os.listdir(home) for home in there["homes"]),
    lambda: open(f"{there['homes'][0]}/grades.csv").read(),
    lambda: open("/etc/passwd").read(),
    lambda: open("/etc/shadow").read(),
    lambda: open("/etc/hostname").read(),
    lambda: os.listdir("/"),
    lambda: os.listdir("/etc"),
    lambda: os.listdir(os.path.dirname(there["class"])),
)
