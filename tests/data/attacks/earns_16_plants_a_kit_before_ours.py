# error: puts a kit of its own where Python looks first; that costs the answers after it, which are its own.
import sys

acts = int("13")
sys.path.insert(0, here)
with open("kit.py", "w") as file:
    file.write("raise SystemExit")
