# refused or error: makes so many files and folders that none is left for others.
def many():
    for number in range(9000):
        os.mkdir(f"d{number}")
    time.sleep(600)  # to be found out


acts = walled(many)
