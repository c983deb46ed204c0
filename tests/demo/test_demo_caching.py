import gzip
import http.client
import os
import random
import threading

import pytest
from serving import SCRIPT, fetch, make_page, serving

from keras_anchor.demo.contents import Bytes
from keras_anchor.demo.headers import accepts_gzip

GZIP = {"Accept-Encoding": "br, gzip;q=0.8"}
SCRIPT_ADDRESS = "/assets/main.js"


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    folder = make_page(tmp_path_factory.mktemp("page"))
    (folder / "litert").mkdir()
    # As the build leaves it: with the raw file, and in its place.
    for name in ("both.wasm", "alone.wasm"):
        path = folder / "litert" / f"{name}.gz"
        path.write_bytes(gzip.compress(name.encode() * 1000, mtime=1))
    (folder / "litert" / "both.wasm").write_bytes(b"both.wasm" * 1000)
    noise = random.Random(0).randbytes(5000)
    (folder / "noise.bin").write_bytes(noise)
    return folder


@pytest.mark.parametrize(
    "address",
    [
        SCRIPT_ADDRESS,
        "/listener/listener.json",
        "/anchor/tfjs/weights.bin",
        "/litert/both.wasm",
        "/litert/alone.wasm",
        "/listener/listener.tflite",
    ],
)
def test_gzip_carries_the_same_bytes_in_fewer(port, address):
    _, raw_headers, raw = fetch(port, address)
    _, headers, body = fetch(port, address, headers=GZIP)
    assert headers["Content-Encoding"] == "gzip"
    assert raw_headers["Content-Encoding"] is None
    assert gzip.decompress(body) == raw
    assert int(headers["Content-Length"]) == len(body) < len(raw)
    assert int(raw_headers["Content-Length"]) == len(raw)
    assert headers["Vary"] == raw_headers["Vary"] == "Accept-Encoding"
    assert headers["Content-Type"] == raw_headers["Content-Type"]
    assert headers["ETag"] != raw_headers["ETag"]


def test_what_the_build_compressed_is_sent_as_it_is(port, page_folder):
    for name in ("both.wasm", "alone.wasm"):
        body = fetch(port, f"/litert/{name}", headers=GZIP)[2]
        assert body == (page_folder / "litert" / f"{name}.gz").read_bytes()
        assert fetch(port, f"/litert/{name}")[2] == name.encode() * 1000


@pytest.mark.parametrize("address", ["/noise.bin", "/anchor/poster.png"])
def test_what_gzip_does_not_make_smaller_stays(port, address):
    assert fetch(port, address, headers=GZIP)[1]["Content-Encoding"] is None


def test_head_says_what_get_sends(port):
    for address in (
        "/",
        SCRIPT_ADDRESS,
        "/litert/alone.wasm",
        "/listener/listener.json",
    ):
        for accepted in ({}, GZIP):
            _, headers, body = fetch(port, address, headers=accepted)
            status, said, nothing = fetch(port, address, "HEAD", accepted)
            assert (status, nothing) == (200, b"")
            for name in ("Content-Length", "ETag", "Content-Encoding", "Vary"):
                assert said[name] == headers[name]
            assert int(said["Content-Length"]) == len(body)


def test_files_are_sent_whole_while_they_are_being_compressed(anchor, page_folder):
    with serving(anchor, page_folder, is_prepared=False) as server:
        body = fetch(server.server_port, SCRIPT_ADDRESS)[2]
        assert body == SCRIPT.encode()
        server.preparing.join()
        headers = fetch(server.server_port, SCRIPT_ADDRESS, headers=GZIP)[1]
        assert headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("accepted", [{}, GZIP])
@pytest.mark.parametrize("address", ["/", SCRIPT_ADDRESS, "/litert/alone.wasm"])
def test_what_a_browser_has_is_not_sent_again(port, address, accepted):
    tag = fetch(port, address, headers=accepted)[1]["ETag"]
    asked = {**accepted, "If-None-Match": f'"other", W/{tag}'}
    status, headers, body = fetch(port, address, headers=asked)
    assert (status, body) == (304, b"")
    assert headers["ETag"] == tag
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert fetch(port, address, headers={"If-None-Match": '"other"'})[0] == 200


def test_a_page_that_was_built_again_is_sent_again(anchor, tmp_path):
    folder = make_page(tmp_path)
    with serving(anchor, folder) as server:
        before = fetch(server.server_port, SCRIPT_ADDRESS, headers=GZIP)[1]["ETag"]
        (folder / "assets" / "main.js").write_text("changed()")
        asked = {**GZIP, "If-None-Match": before}
        status, headers, body = fetch(server.server_port, SCRIPT_ADDRESS, "GET", asked)
        assert (status, body) == (200, b"changed()")
        assert headers["ETag"] != before


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/assets/main-Ab3_x-9z.js", "public, max-age=31536000, immutable"),
        (SCRIPT_ADDRESS, "no-cache"),
        ("/", "no-cache"),
        ("/anchor/anchor.json", "no-cache"),
    ],
)
def test_only_names_with_a_hash_are_kept_without_asking(port, address, kept):
    assert fetch(port, address)[1]["Cache-Control"] == kept


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("GZIP, deflate", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("gzip; q=0.00", False),
        ("br", False),
        ("", False),
        ("*;q=0", False),
        ("gzip;q=0.01", True),
    ],
)
def test_the_browser_says_whether_it_reads_gzip(header, expected):
    assert accepts_gzip(header) is expected


def test_large_files_are_not_held_in_memory(anchor, tmp_path):
    folder, size = make_page(tmp_path), 300_000_000
    with (folder / "film.mp4").open("wb") as film:
        film.truncate(size)
    with serving(anchor, folder) as server:
        before = peak_memory()
        sizes = []

        def download():
            sizes.append(count_bytes(server.server_port, "/film.mp4"))

        threads = [threading.Thread(target=download) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sizes == [size] * 3
        assert peak_memory() - before < 100_000_000


def count_bytes(port, address):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address)
    response, count = connection.getresponse(), 0
    while part := response.read(1 << 20):
        count += len(part)
    return count


def peak_memory():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_file_that_shrinks_while_it_is_sent_ends_the_connection(anchor, tmp_path):
    """Otherwise the browser would take the next answer for the rest."""
    folder, size = make_page(tmp_path), 50_000_000
    film = folder / "film.mp4"
    film.write_bytes(bytes(size))
    with serving(anchor, folder) as server:
        connection = http.client.HTTPConnection(
            "127.0.0.1", server.server_port, timeout=20
        )
        connection.request("GET", "/film.mp4")
        response = connection.getresponse()
        response.read(10)
        os.truncate(film, 1000)
        with pytest.raises(http.client.IncompleteRead):
            response.read()


def test_a_file_that_grows_while_it_is_sent_is_cut(anchor, tmp_path):
    """Or the browser would take what is too much for the next answer."""
    folder, size = make_page(tmp_path), 50_000_000
    film = folder / "film.mp4"
    film.write_bytes(bytes(size))
    with serving(anchor, folder) as server:
        connection = http.client.HTTPConnection(
            "127.0.0.1", server.server_port, timeout=20
        )
        connection.request("GET", "/film.mp4")
        response, way = connection.getresponse(), connection.sock
        with film.open("ab") as more:
            more.write(b"more")
        assert response.read() == bytes(size)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"the page"
        assert connection.sock is way


def test_bytes_are_made_once_and_only_when_asked_for():
    made = []

    def make():
        made.append(1)
        return b"bytes"

    content = Bytes(make)
    assert not made
    content.open()
    content.open(is_packed=True)
    assert made == [1]
