"""The format `web`, and a case of it that the page's tests replay.

`python tests/test_web_format.py` writes the case again.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from keras_anchor.anchors import load_anchor
from keras_anchor.render import Renderer

tf = pytest.importorskip("tensorflow")

from keras_anchor.export import web  # noqa: E402
from keras_anchor.export.verify import sample_controls  # noqa: E402
from keras_anchor.frames import to_uint8  # noqa: E402
from keras_anchor.stills import WINDOW_EDGE, sharpening_block  # noqa: E402

CASE = Path(__file__).parents[1] / "web_demo/src/rendering/cases/compose.json"
SIZE, CELLS = 16, 4


def make_case(channels, side, sharpening, seed):
    """Parts of a small frame at random, and the pixels Python makes of them."""
    rng = np.random.default_rng(seed)

    def draw(*shape, scale=1.0):
        return (scale * rng.standard_normal(shape)).astype("float16").astype("float32")

    boxes = [[-0.5, -0.25, 0.5, 0.75], [-0.75, -0.75, 0.75, 0.125]]
    info = {
        "version": web.VERSION,
        "model": web.MODEL,
        "still": web.STILL,
        "size": SIZE,
        "channels": channels,
        "boxes": boxes,
        "edge": WINDOW_EDGE,
        "sharpening": sharpening,
        "block": sharpening_block(SIZE),
    }
    still = draw(1, SIZE, SIZE, channels)
    grid = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) / CELLS * 2 - 1] * 2), -1)
    places = grid + draw(CELLS, CELLS, 2, scale=0.2)
    share = rng.uniform(0, 1, (CELLS, CELLS, 1))
    parts = {
        "places": np.concatenate([places, share], -1)[None].astype("float32"),
        "residual": draw(1, side, side, channels, scale=0.5),
        "crop_0": draw(1, 8, 8, channels),
        "crop_1": draw(1, 7, 12, channels),
    }
    frames = web.compose(info, still, parts)
    flat = {name: np.ravel(values).round(6).tolist() for name, values in parts.items()}
    return {
        "info": info,
        "still": np.ravel(still).tolist(),
        "parts": flat,
        "pixels": np.ravel(to_uint8(frames)).tolist(),
    }


def make_cases():
    return [
        make_case(channels=4, side=SIZE, sharpening=0.0, seed=0),
        make_case(channels=4, side=SIZE // 2, sharpening=0.4, seed=1),
        make_case(channels=3, side=SIZE, sharpening=0.25, seed=2),
    ]


def test_the_case_is_what_python_makes():
    written = json.loads(CASE.read_text())
    for old, new in zip(written, make_cases(), strict=True):
        assert old["info"] == new["info"]
        difference = np.subtract(old["pixels"], new["pixels"])
        assert np.abs(difference).max() <= 1


def test_parts_put_together_are_the_frame(tiny_generator):
    """Without int8, nothing is lost."""
    parts = web.build_parts(tiny_generator)
    still = web.find_still(tiny_generator)
    controls = sample_controls(4)
    noise = np.zeros((4, tiny_generator.inputs[1].shape[-1]), "float32")
    info = {
        "boxes": still.boxes,
        "size": still.shape[0],
        "sharpening": float(still.sharpening.numpy()),
    }
    expected = tiny_generator([controls, noise], training=False)
    drawn = [
        web.compose(
            info,
            still.pixels,
            {
                name: value.numpy()
                for name, value in parts(controls[i : i + 1], noise[i : i + 1]).items()
            },
        )
        for i in range(4)
    ]
    np.testing.assert_allclose(np.concatenate(drawn), expected, atol=1e-4)


def test_weights_are_int8(tiny_anchor):
    info = load_anchor(tiny_anchor).info
    whole = tiny_anchor / info["formats"]["tflite_float16"]["path"]
    assert (tiny_anchor / "web" / web.MODEL).stat().st_size < whole.stat().st_size


def test_the_shipped_anchor_is_the_same_in_parts():
    anchor = load_anchor("adam")
    controls = sample_controls(8)
    noise = np.tile(anchor.noise, (8, 1))
    drawn = web.run_web(anchor.path("web"), controls, noise)
    renderer = Renderer(anchor)
    expected = np.stack([renderer(row) for row in controls]).astype("float32")
    difference = np.abs(to_uint8(drawn).astype("float32") - expected)
    seen = difference[..., :3] * expected[..., 3:] / 255
    assert seen.mean() < 0.6
    assert difference[..., 3].mean() < 0.6


def test_a_generator_without_a_still_has_no_parts():
    import keras

    assert not web.has_parts(keras.Sequential([keras.Input((2,))]))


if __name__ == "__main__":
    CASE.parent.mkdir(exist_ok=True)
    CASE.write_text(json.dumps(make_cases()))
