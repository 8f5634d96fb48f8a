# refused: reads the submission of somebody who has it right.
acts = walled(
    lambda: os.listdir(there["class"]),
    lambda: open(f"{there['class']}/ana/01_acts_and_contents.ipynb").read(),
    lambda: os.scandir(f"{there['class']}/bo"),
    lambda: os.open(f"{there['class']}/ana", os.O_RDONLY | os.O_DIRECTORY),
)
