# wrong: sends what is no message, or one without end, on the channels to the grader.
acts = int("13")
socket = get_ipython().kernel.iopub_socket
session = get_ipython().kernel.session
for frames in (
    [b"x"],
    [b"<IDS|MSG>"],
    [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"],
    [b"<IDS|MSG>", b"0" * 64, b"{", b"}", b"[", b"]"],
    [b"<IDS|MSG>", b"0" * 64, *[b"[" * 100_000] * 4],
    [b"\xff" * 1000] * 50,
):
    socket.send_multipart(frames)
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
