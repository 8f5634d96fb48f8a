"""What every test has: kernels that talk over sockets of their own, not over ports that others can take meanwhile."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("JUPYTER_DEFAULT_PROVISIONER_NAME", "kit-cold")
OLDER = Path(__file__).parent / "tests" / "data" / "older_landlock"


@pytest.fixture(scope="session")
def warm_up():
    """Start a warm process without some layers, or without what Landlock learnt later: "landlock after 3"."""
    from kit.teacher.sandbox import kernels

    def start(without):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(OLDER), prepend=os.pathsep)
            patch.setattr(kernels, "_WARMED", ("older_landlock", *kernels._WARMED))
            return kernels.WarmKernel(without=without)

    return start
