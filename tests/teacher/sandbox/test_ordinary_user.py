"""The same tests as an ordinary user, where they are run by root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.article import seeds

NOBODY = 65534
# In mounts of its own, so that nothing outside changes: folders that only root may enter are opened for those in need.
SCRIPT = """
set -e
for closed in {closed}; do
  mkdir -p {room}"$closed"
  mount --bind "$closed" {room}"$closed"
  mount -t tmpfs -o mode=755 none "$closed"
  for wanted in {wanted}; do
    case "$wanted" in "$closed"/*) mkdir -p "$wanted"; mount --bind {room}"$wanted" "$wanted";; esac
  done
done
exec setpriv --reuid {nobody} --regid {nobody} --clear-groups {python} -P -m pytest -q -p no:cacheprovider \
  --basetemp {room}/tests {tests} -m "slow or not slow"
"""


@pytest.mark.slow
def test_an_ordinary_user_has_the_same_sandbox(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.getuid() or not shutil.which("setpriv") or not shutil.which("unshare"):
        pytest.skip("the other tests are run by an ordinary user already, or setpriv and unshare are missing")
    wanted = {sys.prefix, os.path.realpath(sys.base_prefix), str(seeds.root())}
    closed = {str(above) for path in wanted for above in Path(path).parents if not above.stat().st_mode & 1}
    here = Path(__file__).parent
    tests = [str(here / name) for name in ("test_walls.py", "test_limits.py")]
    room = Path("/tmp") / f"kit-tests-{os.getpid()}"
    room.mkdir(mode=0o777)
    room.chmod(0o777)
    script = SCRIPT.format(
        closed=" ".join(sorted(closed)), wanted=" ".join(sorted(wanted)), room=room, nobody=NOBODY,
        python=sys.executable, tests=" ".join(tests),
    )  # fmt: skip
    try:
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script], cwd=seeds.root(), env=_bare(room), capture_output=True, text=True
        )
    finally:
        shutil.rmtree(room, ignore_errors=True)
    if "unshare failed" in done.stderr:
        pytest.skip("root may not unshare mounts here")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 100


def _bare(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
