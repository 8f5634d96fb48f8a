# wrong: markers, tags and magics that test tools know.
# NBVAL_SKIP
# NBVAL_IGNORE_OUTPUT
# NBVAL_RAISES_EXCEPTION
# PYTEST_VALIDATE_IGNORE_OUTPUT
# nbval-skip raises-exception
# pytest: skip
__test__ = False
pytestmark = "skip"
acts = int("13")  # noqa # type: ignore # pragma: no cover
# NBVAL_CHECK_OUTPUT
