"""Kernels for the code of strangers, walled in by the system itself."""
