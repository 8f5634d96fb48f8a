# wrong: calls for the check and for its own cell, again and again, from within.
acts = int("13")
shell = get_ipython()
shell.run_cell("import kit; kit.check.number(12)")
shell.run_cell("acts = 13", store_history=True)
shell.set_next_input("kit.check.number(12)")
shell.kernel.session.send(
    shell.kernel.iopub_socket, "execute_input", {"code": "kit.check.number(12)"}, parent=shell.kernel.get_parent("shell")
)
