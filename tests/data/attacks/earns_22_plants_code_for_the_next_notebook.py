# refused: leaves code where another Python would start it, in its own home as well as in everybody's.
for place in (".ipython/profile_default/startup", ".config/matplotlib", ".local/lib"):
    os.makedirs(place, exist_ok=True)
for name in (".ipython/profile_default/startup/0.py", "sitecustomize.py", "usercustomize.py", "kit.py", "pandas.py"):
    with open(name, "w") as file:
        file.write("raise SystemExit('planted')")
packages = os.path.dirname(os.path.dirname(there["package"]))
acts = walled(
    lambda: open(f"{packages}/sitecustomize.py", "w"),
    lambda: open(f"{packages}/planted.pth", "w"),
    lambda: open(there["package"], "a"),
    lambda: os.makedirs(f"{os.path.dirname(there['package'])}/__pycache__/planted"),
    lambda: open(f"{os.path.dirname(os.__file__)}/planted.py", "w"),
)
