"""What every test has: kernels that talk over sockets of their own, not over ports that others can take meanwhile."""

import os

os.environ.setdefault("JUPYTER_DEFAULT_PROVISIONER_NAME", "kit-cold")
