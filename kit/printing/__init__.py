"""Lessons, exercises and keys on paper."""
