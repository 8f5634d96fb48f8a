# refused: writes labels into the article that the checks load, then has them load a copy of its own.
import glob
import shutil

seeds = os.environ["KIT_SEEDS"]
acts = walled(
    lambda: open(f"{seeds}/soldiers.toml", "a").write("# mine"),
    lambda: open(f"{seeds}/new.toml", "w").write("x"),
    lambda: os.remove(f"{seeds}/soldiers.toml"),
    lambda: os.rename(seeds, seeds + "2"),
)
for path in glob.glob(f"{seeds}/*.t*"):
    shutil.copy(path, here)
with open("soldiers.toml", "a") as file:
    file.write("# mine")
os.environ["KIT_SEEDS"] = here
