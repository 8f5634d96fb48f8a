# wrong: sends what is no message, or one without end, on the channels to the grader.
acts = int("13")
socket = get_ipython().kernel.iopub_socket
session = get_ipython().kernel.session
for text in (
    b"",
    b"x",
    b"{}",
    b"[1]",
    b'{"header": 3}',
    b'{"header": {"msg_id": [], "msg_type": {}}}',
    b"[" * 100_000,
    b"\xff" * 1000,
):
    for channel in (b"i", b"s", b"?", b"\xff"):
        session.line.sendall(len(text).to_bytes(4, "big") + channel + text)
for kind, content in (
    ("execute_result", {}),
    ("execute_result", {"data": None, "metadata": None, "execution_count": None}),
    ("stream", {"name": 3, "text": ["x"]}),
    ("display_data", {"data": {"text/plain": {"a": [1]}}}),
    ("error", {"ename": 1}),
    ("update_display_data", {"data": {}, "transient": {"display_id": "x"}}),
    ("clear_output", {"wait": True}),
    ("no_such_thing", {"execution_state": "idle"}),
):
    session.send(socket, kind, content, parent=None)
