"""The built page in Firefox: what it shows, says and records, by its own script."""

import base64
import io
import json
import shutil

import numpy as np
import pytest
from visits import needs_built_page, over_grey, run, serving

from keras_anchor import controls as ctl
from keras_anchor.demo import build_server
from keras_anchor.render import Renderer

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = [
    pytest.mark.skipif(
        FIREFOX is None, reason="firefox is not installed: apt-get install firefox-esr"
    ),
    needs_built_page,
]


@pytest.fixture(scope="module")
def address(tiny_anchor):
    with serving(build_server(tiny_anchor, host="127.0.0.1", port=0)) as address:
        yield address


def tell(address, sound):
    told = json.loads(run("node", "e2e/firefox.mjs", FIREFOX, address, sound))
    assert "failure" not in told, told
    return told


@pytest.fixture(scope="module")
def visit(address):
    return tell(address, "loudspeaker")


@pytest.fixture(scope="module")
def silent_visit(address):
    """On a device that plays nothing."""
    return tell(address, "none")


def decode(text):
    return np.frombuffer(base64.b64decode(text), "uint8")


@pytest.mark.parametrize("moment", ["at_rest", "moved", "expression"])
def test_firefox_shows_what_python_renders(visit, tiny_anchor, moment):
    renderer = Renderer(tiny_anchor)
    size = renderer.anchor.size
    seen = visit["face"][moment]
    shown = decode(seen["pixels"]).reshape(size, size, 4)
    expected = renderer(ctl.pack(seen["controls"]))
    assert np.abs(over_grey(shown) - over_grey(expected)).mean() < 2


def test_a_slider_moves_what_firefox_shows(visit):
    before, after = (visit["face"][moment] for moment in ("at_rest", "moved"))
    assert before["controls"] != after["controls"]
    assert (decode(before["pixels"]) != decode(after["pixels"])).mean() > 0.01


def test_lips_move_in_firefox(visit):
    assert visit["spoken"]["notice"] == "Spoken."
    jaws = visit["spoken"]["jaws"]
    assert max(jaws) > 0.2
    assert jaws[-1] < 0.1


def test_a_film_of_firefox_says_how_long_it_is_and_sounds(visit):
    av = pytest.importorskip("av")
    with av.open(io.BytesIO(decode(visit["film"]["bytes"]).tobytes())) as film:
        # In microseconds.
        assert film.duration == pytest.approx(1e6 * visit["film"]["seconds"], abs=5e5)
        sound = [frame.to_ndarray().ravel() for frame in film.decode(audio=0)]
    assert np.abs(np.concatenate(sound)).max() > 0.05


def test_firefox_does_not_promise_transparency(visit):
    assert "cannot record transparency" in visit["film"]["note"]


def test_without_a_loudspeaker_firefox_records_a_silent_film(silent_visit):
    av = pytest.importorskip("av")
    assert "without sound" in silent_visit["film"]["notice"]
    with av.open(io.BytesIO(decode(silent_visit["film"]["bytes"]).tobytes())) as film:
        assert not film.streams.audio
        assert next(film.decode(video=0)).width == 480


def test_firefox_has_no_complaints(visit):
    assert visit["errors"] == []
