"""A small page with an anchor, served for real, and a browser's part in it."""

import base64
import http.client
import json
import threading
from contextlib import contextmanager

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor, write_anchor
from keras_anchor.demo import build_server

JSON = "application/json"
SCRIPT = "main();\n" * 400


def make_anchor(folder, name="tiny"):
    """An anchor whose model is never run."""
    ctl.save_controls(folder)
    (folder / "tfjs").mkdir()
    (folder / "tfjs" / "model.json").write_text("{}")
    (folder / "tfjs" / "weights.bin").write_bytes(bytes(5000))
    (folder / "poster.png").write_bytes(b"a picture")
    (folder / "report.html").write_text("a report")
    write_anchor(
        folder,
        name,
        size=8,
        alpha=True,
        fps=25,
        noise=[0.0],
        formats={"tfjs": "tfjs/model.json"},
    )
    (folder / "diary.txt").write_text("not part of the anchor")
    return load_anchor(folder)


def make_page(folder):
    (folder / "index.html").write_text("the page")
    (folder / "assets").mkdir()
    (folder / "assets" / "engine.wasm").write_bytes(b"\0asm")
    (folder / "assets" / "main.js").write_text(SCRIPT)
    (folder / "assets" / "main-Ab3_x-9z.js").write_text(SCRIPT)
    (folder / "espeak_package").mkdir()
    (folder / "espeak_package" / "build.mjs").write_text("a recipe")
    return folder


@contextmanager
def serving(anchor, page_folder, is_prepared=True):
    """The server; at first it waits until everything is compressed."""
    server = build_server(anchor, host="127.0.0.1", port=0, page_folder=page_folder)
    with server:
        if is_prepared:
            server.preparing.join()
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server
        finally:
            server.shutdown()


def fetch(port, address, method="GET", headers=(), body=None):
    """Status, headers and body, with the address sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, address, body, dict(headers))
    response = connection.getresponse()
    return response.status, response.headers, response.read()


def headers_of(server, **changes):
    """What a browser sends with a request of the page itself."""
    host = f"127.0.0.1:{server.server_port}"
    sent = {
        "Host": host,
        "Origin": f"http://{host}",
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": JSON,
    }
    sent |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in sent.items() if value is not None}


def ask(server, request, **changes):
    """Status and the lines that came back."""
    body = request if isinstance(request, bytes) else json.dumps(request)
    status, headers, data = fetch(
        server.server_port, "/speak", "POST", headers_of(server, **changes), body
    )
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    return status, [json.loads(line) for line in data.splitlines()]


def read_sound(line):
    """int16 samples of a sentence that the server spoke."""
    return np.frombuffer(base64.b64decode(line["sound"]), "<i2")
