"""Exercises and lessons made: the key over the questions, built, printed, released, on any article."""
