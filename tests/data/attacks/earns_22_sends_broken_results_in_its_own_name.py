# wrong: answers its own cell and the check with messages that have the wrong fields.
acts = int("13")
shell = get_ipython()


def broken(*_):
    kernel = shell.kernel
    for kind, content in (
        ("execute_result", {}),
        ("execute_result", {"data": 3, "metadata": [], "execution_count": "x"}),
        ("display_data", {"data": {"text/plain": {"a": [1]}}}),
        ("stream", {"name": 3}),
        ("error", {}),
    ):
        kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))


shell.events.register("post_run_cell", broken)
