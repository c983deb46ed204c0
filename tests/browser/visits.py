"""What every test of the page in a real browser needs."""

import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from keras_anchor.demo import PAGE_FOLDER

WEB_DEMO = Path(__file__).parents[2] / "web_demo"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
INSTALL = "cd web_demo && npm ci"
needs_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(
        not (WEB_DEMO / "node_modules" / "playwright-core").exists(),
        reason=f"Node's packages are not installed: {INSTALL}",
    ),
]
needs_built_page = pytest.mark.skipif(
    not (PAGE_FOLDER / "index.html").exists(),
    reason=f"the page is not built: {INSTALL} && npm run build",
)
needs_page = [*needs_browser, needs_built_page]


@contextmanager
def serving(server):
    """Runs a server in a thread; yields its address."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def build_plain_server(folder):
    """One that gives a folder away, without any headers of ours."""
    handler = partial(QuietHandler, directory=folder)
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def run(*command):
    """What a command prints that runs in `web_demo`."""
    result = subprocess.run(
        command, cwd=WEB_DEMO, capture_output=True, text=True, timeout=400
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def tell(script, *arguments):
    """What a script of `web_demo/e2e` prints of its visit."""
    return json.loads(run("node", f"e2e/{script}", CHROMIUM, *arguments))


def over_grey(pixels):
    """Colour as seen over mid-grey, `(height, width, 3)`."""
    pixels = np.asarray(pixels, "float32")
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + 127.5 * (1 - alpha)
