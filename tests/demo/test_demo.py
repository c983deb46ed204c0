import hashlib
import http.client
import re
import socket
import subprocess
import sys

import pytest
from serving import fetch

from keras_anchor.demo import build_server
from keras_anchor.demo.headers import HEADERS
from keras_anchor.demo.origins import describe_addresses
from keras_anchor.demo.server import describe_voices


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
        ("/anchors.json", "application/json"),
        ("/voices.json", "application/json"),
        ("/listener/listener.json", "application/json"),
        ("/listener/listener.tflite", "application/octet-stream"),
        ("/listener/tfjs/model.json", "application/json"),
        ("/tracker/face_landmarker.task", "application/octet-stream"),
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
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "worker-src 'self'" in policy


def test_only_a_worker_may_start_threads_from_blobs(port):
    _, headers, _ = fetch(port, "/assets/main.js")
    policy = headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self' 'wasm-unsafe-eval' blob:" in policy
    assert "worker-src 'self' blob:" in policy


def test_no_policy_lets_in_code_from_text(port):
    for address in ("/", "/assets/main.js", "/nothing"):
        policy = fetch(port, address)[1]["Content-Security-Policy"]
        assert "'unsafe-" not in policy, address


def test_the_page_may_see_and_hear_and_nothing_else(port):
    granted = fetch(port, "/")[1]["Permissions-Policy"].split(", ")
    assert [one for one in granted if not one.endswith("=()")] == [
        "camera=(self)",
        "microphone=(self)",
    ]
    assert "geolocation=()" in granted


def test_a_refusal_has_the_headers_of_the_page(port):
    status, headers, body = fetch(port, "/nothing")
    assert status == 404
    assert body == b"There is nothing at '/nothing'.\n"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert HEADERS.items() <= dict(headers).items()


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
        "/anchor/anchor.json/",
        "//[",
        "/%00",
        "/espeak_package/build.mjs",
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
    with pytest.raises(ValueError, match="no format that a browser runs.*Export"):
        build_server(other, host="127.0.0.1", port=0, page_folder=page_folder)


def test_ctrl_c_stops_it(anchor, page_folder):
    code = (
        "import signal, sys, threading; from pathlib import Path\n"
        "from keras_anchor.demo import serve\n"
        "timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])\n"
        "timer.daemon = True; timer.start()\n"
        "try:\n    serve(sys.argv[1], port=0, page_folder=Path(sys.argv[2]))\n"
        "except KeyboardInterrupt:\n    print('stopped')\n"
    )
    arguments = [sys.executable, "-c", code, anchor.folder, page_folder]
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/  \(Ctrl-C stops\)\nVoices: .+\nstopped\n",
        result.stdout,
    ), result.stderr


def test_tensorflow_is_not_needed():
    code = "import sys, keras_anchor.demo; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:80", "[", "127.0.0.1.nip.io"]
)
def test_a_name_bound_to_this_machine_by_others_gets_nothing(port, host):
    status, _, body = fetch(port, "/anchor/poster.png", headers={"Host": host})
    assert status == 421
    assert b"Open the page by the address" in body


@pytest.mark.parametrize("host", ["localhost:9", "192.168.7.7", "[::1]:80"])
def test_a_tunnel_or_an_address_of_this_machine_gets_the_page(port, host):
    assert fetch(port, "/", headers={"Host": host})[0] == 200


def test_many_requests_go_over_one_connection(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for address, status in [("/", 200), ("/nothing", 404), ("/anchors.json", 200)]:
        connection.request("GET", address)
        response = connection.getresponse()
        assert (response.status, response.will_close) == (status, False)
        response.read()


def test_a_body_is_not_taken_for_the_next_request(port):
    smuggled = b"GET /anchors.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(smuggled)}"
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(head.encode() + b"\r\n\r\n" + smuggled)
        answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
    assert answer.count(b"HTTP/1.1 200") == 1


def test_the_tracker_is_the_one_that_mediapipe_reads(port):
    digest = hashlib.sha256(fetch(port, "/tracker/face_landmarker.task")[2]).hexdigest()
    assert digest.startswith("64184e229b263107bc2b804c6625db1341ff2bb7")


@pytest.mark.parametrize(
    ("is_terminal", "module", "offered"),
    [(True, "espeakng_loader", True), (False, "espeakng_loader", False)]
    + [(True, "nothing", False)],
)
def test_a_terminal_without_voices_is_offered_some(
    monkeypatch, tmp_path, is_terminal, module, offered
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)
    said = describe_voices()
    assert said.startswith("Voices: ")
    assert ("espeak on this machine" in said) is (module == "nothing")
    assert ('pip install "keras-anchor[speech]"' in said) is offered
    assert ("`keras-anchor demo --install-espeak`" in said) is offered


def test_every_address_that_opens_the_page_is_told():
    assert describe_addresses("127.0.0.1", 8000) == (
        "http://127.0.0.1:8000/  (Ctrl-C stops)"
    )
    lines = describe_addresses("0.0.0.0", 8000).splitlines()
    assert lines[0] == "http://127.0.0.1:8000/  (Ctrl-C stops)"
    for line in lines[1:]:
        assert re.match(
            r"From other devices: http://[\d.]+:8000/  \(without https", line
        )
