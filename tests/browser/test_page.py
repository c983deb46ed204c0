import json
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.demo import PAGE_FOLDER, build_server
from keras_anchor.render import Renderer

WEB_DEMO = Path(__file__).parents[2] / "web_demo"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(
        not (WEB_DEMO / "node_modules" / "playwright-core").exists()
        or not (PAGE_FOLDER / "index.html").exists(),
        reason="the page is not built: cd web_demo && npm ci && npm run build",
    ),
]


@pytest.fixture(scope="module")
def visit(tiny_anchor):
    """What a viewer saw and did on the page, told by `e2e/page.mjs`."""
    with build_server(tiny_anchor, host="127.0.0.1", port=0) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        result = subprocess.run(
            ["node", WEB_DEMO / "e2e" / "page.mjs", CHROMIUM, address],
            capture_output=True,
            text=True,
            timeout=300,
        )
        server.shutdown()
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def over_grey(pixels):
    """Colour as seen over mid-grey, `(height, width, 3)`."""
    pixels = np.asarray(pixels, "float32")
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + 127.5 * (1 - alpha)


@pytest.mark.parametrize("moment", ["at_rest", "moved", "exact"])
def test_the_page_shows_what_python_renders(visit, tiny_anchor, moment):
    renderer = Renderer(tiny_anchor)
    size = renderer.anchor.size
    shown = np.reshape(visit[moment]["pixels"], (size, size, 4))
    expected = renderer(ctl.pack(visit[moment]["controls"]))
    assert np.abs(over_grey(shown) - over_grey(expected)).mean() < 2


def test_sliders_move_what_is_shown(visit):
    before, after = (np.array(visit[key]["pixels"]) for key in ("at_rest", "moved"))
    controls = [visit[key]["controls"] for key in ("at_rest", "moved")]
    assert sum(controls[0][name] != controls[1][name] for name in ctl.NAMES) >= 2
    assert (before != after).mean() > 0.01


def test_an_expression_is_shown(visit):
    expected = ctl.pack(ctl.EXPRESSIONS[visit["expression"]["name"]])
    np.testing.assert_allclose(
        ctl.pack(visit["expression"]["controls"]), expected, atol=1e-6
    )


def test_idle_breathes_and_turns_the_head(visit):
    assert {"breath", "headYaw"} <= set(visit["idle_moves"])


def test_no_tensor_is_left_behind(visit):
    before, after = visit["num_tensors"]
    assert before == after


def test_the_corner_says_how_fast_and_where(visit):
    assert "fps · wasm" in visit["corner"]


def test_a_missing_anchor_is_a_plain_sentence(visit):
    assert "keras-anchor demo" in visit["failure"]


def test_the_browser_has_no_complaints(visit):
    assert visit["errors"] == []
