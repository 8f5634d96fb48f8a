"""What the kit says when it cannot go on: what is wrong, where, and what to do next."""

from __future__ import annotations

__all__ = ["AnnotationError", "AnswerError", "KitError", "SetupError", "SubmissionError"]


class KitError(Exception):
    """The parent of every error that the kit raises on purpose. Its text is meant for the reader."""


class SetupError(KitError):
    """The environment could not be made, or the kit was started in the wrong place."""


class AnnotationError(KitError):
    """An annotation file does not hold. `faults` lists every fault found, one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class AnswerError(KitError):
    """A check was asked for something that it cannot do."""


class SubmissionError(KitError):
    """A submitted file cannot be graded as it is."""
