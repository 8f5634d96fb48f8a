# wrong or error: makes more folders, each in the one before, than a program can go into that calls itself.
acts = int("13")
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(here)
until(lambda: False, 3)  # where the folder is looked through, this cell and no later one is ended
