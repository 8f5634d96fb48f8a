"""Kernels for the code of strangers: warm, walled in where the machine allows it, and gone when their notebook is.

`docs/sandbox.md` says against what, by what, and what is left open.
"""
