# error: guesses twice more, by publishing other results beside that of the check.
import itertools

acts = int("13")
shell = get_ipython()
hook, cells = shell.displayhook, itertools.count()


def twice(*_):
    for guess in ("11", "12") if next(cells) == 1 else ():
        content = {"execution_count": 1, "data": {"text/plain": '{"value": ' + guess + "}"}, "metadata": {}}
        hook.session.send(hook.pub_socket, "execute_result", content, parent=shell.kernel.get_parent("shell"))


shell.events.register("post_run_cell", twice)
