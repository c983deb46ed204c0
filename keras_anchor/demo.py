"""The page and an anchor, served to a browser on this machine."""

import errno
import json
import os
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.drive.idle import idle_controls

PAGE_FOLDER = Path(__file__).parent / "assets" / "page"
IDLE_SECONDS = 20
# The end of the idle loop turns into its beginning in this time.
FADE_SECONDS = 1
DECIMALS = 4
HEADERS = {
    # Together they give the page threads in WebAssembly.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # TF.js starts its threads from blobs.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; "
        "worker-src 'self' blob:; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
# The standard library asks the operating system, which may know others or none.
TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


def serve(anchor=None, host="127.0.0.1", port=8000):
    """Serves the page until Ctrl-C.

    Args:
        anchor: An `Anchor`, or what `load_anchor` takes.
        host: Address to listen at; the default is seen by this machine alone.
        port: Port to listen at; 0 picks a free one.

    Raises:
        ValueError: If the page is not built, the anchor has no TF.js model, the port
            is taken, or the address is not this machine's.
    """
    with build_server(anchor, host=host, port=port, page_folder=PAGE_FOLDER) as server:
        host, port = server.server_address[:2]
        print(f"http://{host}:{port}/  (Ctrl-C stops)", flush=True)
        server.serve_forever()


def build_server(anchor=None, *, host, port, page_folder=PAGE_FOLDER):
    """The server that `serve` runs, listening already."""
    anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
    anchor.path("tfjs")
    if not (page_folder / "index.html").exists():
        raise ValueError(
            f"The page is not built: {page_folder} has no index.html. Build it with "
            "`cd web_demo && npm ci && npm run build`."
        )
    handler = partial(Handler, files=list_files(anchor, page_folder))
    try:
        return Server((host, port), handler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ValueError(
                f"Nobody can listen at {host!r}, port {port}: {error.strerror}. Leave "
                "`--host` out, or give an address of this machine."
            ) from None
        raise ValueError(
            f"Port {port} of {host} is taken. Stop what runs there, or choose another "
            f"one: `keras-anchor demo --port {port + 1}`."
        ) from None


def list_files(anchor, page_folder):
    """Everything that is served: `{address: path, or the bytes themselves}`.

    Nothing else can be reached, whatever lies beside the files of the anchor.
    """
    pages = [path for path in page_folder.rglob("*") if path.is_file()]
    files = {f"/{path.relative_to(page_folder).as_posix()}": path for path in pages}
    files["/"] = page_folder / "index.html"
    for name in ["anchor.json", *anchor.info["files"]]:
        files[f"/anchor/{name}"] = anchor.folder / name
    files["/idle.json"] = json.dumps(idle_loop(anchor)).encode()
    return files


def idle_loop(anchor):
    """An endless idle performance, of the controls that move and the anchor knows.

    Returns:
        `{"fps", "names", "controls"}`, the last a list of frames, each with a number
        for every name.
    """
    fps = anchor.fps
    num_frames, num_faded = round(IDLE_SECONDS * fps), round(FADE_SECONDS * fps)
    controls = idle_controls(num_frames + num_faded, fps)
    share = np.linspace(0, 1, num_faded, endpoint=False)[:, None]
    after = controls[num_frames:]
    controls = controls[:num_frames]
    controls[:num_faded] = after + share * (controls[:num_faded] - after)
    moving = [
        name
        for name in anchor.names
        if np.ptp(controls[:, ctl.INDEX[name]]) > 10**-DECIMALS
    ]
    columns = controls[:, [ctl.INDEX[name] for name in moving]]
    rounded = columns.astype("float64").round(DECIMALS).tolist()
    return {"fps": fps, "names": moving, "controls": rounded}


class Server(ThreadingHTTPServer):
    """Its threads end with it, and browsers may hang up."""

    daemon_threads = True
    # On Windows this would let two servers share a port.
    allow_reuse_address = os.name == "posix"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers with one of `files`, and with nothing else.

    Args:
        files: `{address: path or bytes}`.
    """

    protocol_version = "HTTP/1.1"
    server_version = "keras-anchor"
    sys_version = ""

    def __init__(self, *arguments, files):
        self.files = files
        super().__init__(*arguments)

    def do_GET(self):  # noqa: N802
        self.answer(has_body=True)

    def do_HEAD(self):  # noqa: N802
        self.answer(has_body=False)

    def answer(self, has_body):
        address = unquote(urlsplit(self.path).path)
        source = self.files.get(address)
        if source is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = source if isinstance(source, bytes) else source.read_bytes()
        name = "index.html" if address == "/" else address
        suffix = Path(name).suffix
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if has_body:
            self.wfile.write(body)

    def end_headers(self):
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_request(self, code="-", size="-"):
        """Says nothing: a page asks for dozens of files, errors are logged anyway."""
