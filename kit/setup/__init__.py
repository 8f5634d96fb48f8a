"""The first start: the environment, the student's desk, and JupyterLab on it."""
