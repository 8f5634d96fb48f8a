# refused: looks into the folders of other kernels and of the judge.
above = os.path.dirname(here)
acts = walled(
    lambda: os.listdir(there["kernels"]),
    lambda: os.listdir(".."),
    lambda: os.listdir(above),
    lambda: os.listdir(os.path.dirname(above)),
    lambda: os.listdir(os.environ["KIT_SEEDS"] + "/.."),
    lambda: os.listdir(os.path.dirname(os.environ["KIT_SEEDS"])),
)
if any(name.endswith((".ipynb", ".json")) for name in os.listdir(".")):
    acts = 12
