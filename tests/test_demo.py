import http.client
import json
import re
import subprocess
import sys
import threading
from contextlib import contextmanager

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor, write_anchor
from keras_anchor.demo import build_server, idle_loop


@pytest.fixture(scope="module")
def anchor(tmp_path_factory):
    """An anchor whose model is never run."""
    folder = tmp_path_factory.mktemp("anchor")
    ctl.save_controls(folder)
    (folder / "tfjs").mkdir()
    (folder / "tfjs" / "model.json").write_text("{}")
    (folder / "poster.png").write_bytes(b"a picture")
    (folder / "report.html").write_text("a report")
    write_anchor(
        folder,
        "tiny",
        size=8,
        alpha=True,
        fps=25,
        noise=[0.0],
        formats={"tfjs": "tfjs/model.json"},
    )
    (folder / "diary.txt").write_text("not part of the anchor")
    return load_anchor(folder)


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("the page")
    (folder / "assets").mkdir()
    (folder / "assets" / "engine.wasm").write_bytes(b"\0asm")
    (folder / "assets" / "main.js").write_text("main()")
    return folder


@contextmanager
def serving(anchor, page_folder):
    server = build_server(anchor, host="127.0.0.1", port=0, page_folder=page_folder)
    with server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def port(anchor, page_folder):
    with serving(anchor, page_folder) as port:
        yield port


def fetch(port, address, method="GET"):
    """Status, headers and body, with the address sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, address)
    response = connection.getresponse()
    return response.status, response.headers, response.read()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/?idle=0", "text/html; charset=utf-8"),
        ("/assets/main.js", "text/javascript; charset=utf-8"),
        ("/assets/engine.wasm", "application/wasm"),
        ("/anchor/anchor.json", "application/json"),
        ("/anchor/tfjs/model.json", "application/json"),
        ("/anchor/poster.png", "image/png"),
        ("/idle.json", "application/json"),
    ],
)
def test_files_have_their_type(port, address, kind):
    status, headers, body = fetch(port, address)
    assert status == 200
    assert headers["Content-Type"] == kind
    assert body


def test_the_page_may_use_threads_and_nothing_from_elsewhere(port):
    _, headers, _ = fetch(port, "/")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize(
    "address",
    [
        "/anchor/diary.txt",
        "/anchor/../anchor.json",
        "/anchor/../../../../../../etc/passwd",
        "/anchor/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/anchor/",
        "/anchor/tfjs",
    ],
)
def test_what_the_anchor_does_not_list_is_not_served(port, address):
    status, _, body = fetch(port, address)
    assert status == 404
    assert b"root:" not in body
    assert b"not part" not in body


def test_head_has_no_body(port):
    status, headers, body = fetch(port, "/anchor/anchor.json", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_the_idle_performance_is_an_endless_loop(anchor):
    loop = idle_loop(anchor)
    controls = np.array(loop["controls"])
    assert controls.shape == (20 * loop["fps"], len(loop["names"]))
    assert set(loop["names"]) <= set(anchor.names)
    position = [loop["names"].index(name) for name in ("headYaw", "breath")]
    steps = np.abs(np.diff(controls, axis=0))[:, position].max(0)
    assert (np.abs(controls[0] - controls[-1])[position] <= 2 * steps).all()


def test_every_moving_control_is_in_the_idle_performance(anchor, port):
    loop = json.loads(fetch(port, "/idle.json")[2])
    blinks = [name for name in loop["names"] if name.startswith("eyeBlink")]
    assert len(blinks) == 2
    assert "tongueOut" not in loop["names"]


def test_a_taken_port_is_named(anchor, page_folder, port):
    with pytest.raises(ValueError, match=rf"Port {port} of 127.0.0.1 is taken.*--port"):
        build_server(anchor, host="127.0.0.1", port=port, page_folder=page_folder)


def test_an_address_of_another_machine_is_refused(anchor, page_folder):
    # 192.0.2.0/24 is nobody's: RFC 5737.
    with pytest.raises(
        ValueError, match=r"listen at '192\.0\.2\.1'.*Leave `--host` out"
    ):
        build_server(anchor, host="192.0.2.1", port=0, page_folder=page_folder)


def test_a_page_that_is_not_built_names_the_line_that_builds_it(anchor, tmp_path):
    with pytest.raises(ValueError, match="not built.*npm ci && npm run build"):
        build_server(anchor, host="127.0.0.1", port=0, page_folder=tmp_path)


def test_an_anchor_without_a_browser_model_is_refused(anchor, page_folder):
    info = {**anchor.info, "formats": {}}
    other = type(anchor)(anchor.folder, info)
    with pytest.raises(ValueError, match="no format 'tfjs'"):
        build_server(other, host="127.0.0.1", port=0, page_folder=page_folder)


def test_ctrl_c_stops_it(anchor, page_folder):
    code = (
        "import signal, sys, threading; from pathlib import Path\n"
        "from keras_anchor import demo\n"
        "demo.PAGE_FOLDER = Path(sys.argv[2])\n"
        "timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])\n"
        "timer.daemon = True; timer.start()\n"
        "try:\n    demo.serve(sys.argv[1], port=0)\n"
        "except KeyboardInterrupt:\n    print('stopped')\n"
    )
    arguments = [sys.executable, "-c", code, anchor.folder, page_folder]
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/  \(Ctrl-C stops\)\nstopped\n", result.stdout
    ), result.stderr


def test_tensorflow_is_not_needed():
    code = "import sys, keras_anchor.demo; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
