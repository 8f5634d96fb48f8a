# refused: leaves a file in every place that it can think of.
acts = walled(
    *(lambda place=place: open(f"{place}/{there['mark']}", "w").write("x") for place in there["places"]),
    *(lambda place=place: os.mkdir(f"{place}/{there['mark']}") for place in there["places"]),
    *(lambda place=place: os.symlink("x", f"{place}/{there['mark']}") for place in there["places"]),
    *(lambda place=place: os.mkfifo(f"{place}/{there['mark']}") for place in there["places"]),
    lambda: open(f"../{there['mark']}", "w").write("x"),
    lambda: open(f"{os.environ['KIT_SEEDS']}/{there['mark']}", "w").write("x"),
)
