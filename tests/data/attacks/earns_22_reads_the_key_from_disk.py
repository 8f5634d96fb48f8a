# refused: reads the solved notebook where the grader keeps it.
import glob

acts = walled(
    lambda: open(there["key"]).read(),
    lambda: os.listdir(os.path.dirname(there["key"])),
    lambda: os.listdir(there["solutions"]),
    lambda: open(f"{there['solutions']}/01_acts_and_contents.ipynb").read(),
    lambda: os.listdir(there["seeds"]),
    lambda: open(f"{there['seeds']}/soldiers.toml").read(),
)
if glob.glob("../**/*acts*.ipynb", recursive=True) or glob.glob("/*/*/**/exercises/solutions/*.ipynb"):
    acts = 12
