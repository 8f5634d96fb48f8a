"""`from kit.annotator import annotate`: so say notebooks that are out there."""

from kit.teacher.authoring.annotator import annotate

__all__ = ["annotate"]
