"""Grading with nbval: from a folder of submissions to grades and feedback.

The road: `submission` reads a student's file -> `transplant` puts its answers into our notebook -> `judge` runs
that under nbval in a `kernel` -> `marks` gives points line by line -> `grade` does it for a class -> `report` writes.
"""
