"""Prints the requirements of the kit with the lowest versions that pyproject.toml allows, as pip takes them."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
for line in [*project["dependencies"], *project["optional-dependencies"]["grading"]]:
    name, lowest = re.match(r"([\w-]+)>=([\d.]+)", line).groups()
    # Of “3.0” the last one that mends it; a version to the third place is meant as it stands.
    lowest = lowest if "." in lowest else f"{lowest}.0"
    print(f"{name}=={lowest}" if lowest.count(".") > 1 else f"{name}=={lowest}.*")
