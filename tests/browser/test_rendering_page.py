"""Every way to render, on the built page in a real browser, against Python."""

import base64
import json

import numpy as np
import pytest
from visits import needs_page, over_grey, serving, tell

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.demo import build_server
from keras_anchor.render import Renderer

pytestmark = needs_page
BACKENDS = "litert", "litert-webgl2", "litert-whole", "tfjs-wasm", "tfjs-split"
NUM_VECTORS = 4


@pytest.fixture(scope="module")
def address():
    with serving(build_server(host="127.0.0.1", port=0)) as address:
        yield address


@pytest.fixture(scope="module")
def rendering(address):
    return tell("rendering.mjs", address, ",".join(BACKENDS))


@pytest.fixture(scope="module")
def vectors():
    """Controls anywhere in their ranges."""
    rng = np.random.default_rng(0)
    share = rng.uniform(0.0, 0.7, (NUM_VECTORS, len(ctl.NAMES)))
    return ctl.LOW * (1 - share) + ctl.HIGH * share


@pytest.fixture(scope="module")
def drawn(address, vectors, tmp_path_factory):
    path = tmp_path_factory.mktemp("controls") / "controls.json"
    rows = [dict(zip(ctl.NAMES, row.tolist(), strict=True)) for row in vectors]
    path.write_text(json.dumps(rows))
    options = {"backends": BACKENDS, "controls": str(path)}
    return tell("measure.mjs", address, "pixels", json.dumps(options))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_draws_what_python_draws(drawn, vectors, backend):
    anchor = load_anchor()
    renderer = Renderer(anchor)
    for row, encoded in zip(vectors, drawn[backend], strict=True):
        pixels = np.frombuffer(base64.b64decode(encoded), "uint8")
        frame = pixels.reshape(anchor.size, anchor.size, 4)
        expected = over_grey(renderer(row.astype("float32")))
        assert np.abs(over_grey(frame) - expected).mean() < 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_tensor_is_left_behind(rendering, backend):
    before, after = rendering["counts"][backend]["tensors"]
    assert before == after


def test_the_corner_says_what_was_asked_for(rendering):
    labels = {name: entry["label"] for name, entry in rendering["counts"].items()}
    assert "LiteRT.js, " in labels["litert"]
    assert "WebGL2" in labels["litert-webgl2"]
    assert "TF.js wasm" in labels["tfjs-wasm"]


def test_without_vectors_in_webassembly_tfjs_draws(rendering):
    assert "TF.js wasm" in rendering["plain"]


def test_a_lost_gpu_comes_back(rendering):
    lost = rendering["lost"]
    assert lost["after"] == lost["before"]


def test_what_is_measured_to_be_fastest_is_taken_and_known_next_time(rendering):
    first, second = rendering["measured"]
    assert any("tfjs_worker" in url for url in first["workers"])
    assert "LiteRT.js" in first["label"]
    assert not any("tfjs_worker" in url for url in second["workers"])
    assert second["label"] == first["label"]


def test_the_browser_has_no_complaints(rendering):
    assert rendering["errors"] == []
