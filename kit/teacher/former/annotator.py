"""`from kit.annotator import annotate`: so say notebooks that are out there."""

from kit.teacher.authoring.annotating import annotate

__all__ = ["annotate"]
