# error: reports the check as done before it has begun, with no result.
acts = int("13")
shell = get_ipython()


def done(*_):
    shell.events.unregister("pre_run_cell", done)
    kernel = shell.kernel
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=kernel.get_parent("shell"))


shell.events.register("pre_run_cell", done)
