"""Correcting an annotation file: one step at a time, saved at once, and nothing else in the file touched."""
