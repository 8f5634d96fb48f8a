# refused or error or timeout: makes so many files and folders that none is left for others.
def many():
    for number in range(5000):
        os.mkdir(f"d{number}")
    time.sleep(600)  # to be found out


acts = walled(many)
