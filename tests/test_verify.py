import sys

import keras
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.export.benchmark import count_multiply_adds
from keras_anchor.export.saved_model import write_saved_model
from keras_anchor.export.verify import (
    compare,
    find_node_packages,
    predict,
    sample_controls,
    verify_formats,
)


def build_flat_generator(num_controls=62, noise_size=4):
    """Draws grey frames as bright as `jawOpen`."""
    controls = keras.Input((num_controls,), name="controls")
    noise = keras.Input((noise_size,), name="noise")
    both = keras.layers.Concatenate()([controls, noise])
    x = keras.layers.Dense(8 * 8 * 4)(both)
    return keras.Model([controls, noise], keras.layers.Reshape((8, 8, 4))(x))


def test_verification_sees_the_controls(tiny_generator):
    controls = sample_controls()
    noise = np.zeros((len(controls), 4), "float32")
    frames = predict(tiny_generator, controls, noise)
    assert compare(frames, frames[::-1])["psnr"] < 45.0
    assert len(np.unique(controls, axis=0)) == len(controls) == 64
    np.testing.assert_array_equal(controls, ctl.clip(controls))


@pytest.mark.parametrize(
    ("half", "message"),
    [((), "differs by up to"), (("saved_model",), r"PSNR of .* dB, and 45 is needed")],
)
def test_verification_refuses_another_generator(tmp_path, half, message):
    keras.utils.set_random_seed(0)
    write_saved_model(build_flat_generator(), tmp_path / "saved_model")
    other = build_flat_generator()
    paths = {"saved_model": tmp_path / "saved_model"}
    with pytest.raises(ValueError, match=f"saved_model model does not .*{message}"):
        verify_formats(other, paths, np.zeros(4), half)


def test_compares_as_by_hand():
    frames = np.zeros((1, 1, 1, 4))
    drawn = np.array([0.0, 0.0, 0.2, -0.2]).reshape(frames.shape)
    difference = compare(frames, drawn)
    assert difference["largest_difference"] == 0.2
    assert difference["mean_difference"] == pytest.approx(0.1)
    assert difference["psnr"] == pytest.approx(20 * np.log10(2.0 / 0.02**0.5))
    assert compare(frames, frames)["psnr"] is None


@pytest.mark.parametrize(
    ("which", "message"), [(None, "`node` is missing"), ("node", "npm packages are")]
)
def test_says_why_tfjs_is_not_verified(tmp_path, monkeypatch, which, message):
    monkeypatch.setattr("shutil.which", lambda name: which)
    page = sys.modules["keras_anchor.export.verify"]
    monkeypatch.setattr(page, "REPOSITORY_PAGE", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"TF.js not verified: .*{message}"):
        find_node_packages()


def test_bytes_are_those_of_the_files(info, tiny_anchor):
    formats = info["metrics"]["formats"]
    path = tiny_anchor / "generator.tflite"
    assert formats["tflite"]["bytes"] == path.stat().st_size
    files = (tiny_anchor / "saved_model").rglob("*")
    sizes = sum(file.stat().st_size for file in files if file.is_file())
    assert formats["saved_model"]["bytes"] == sizes
    assert set(formats["tflite"]["milliseconds"]) == {"1", "2"}


def test_counts_multiply_adds_as_by_hand():
    assert count_multiply_adds(build_flat_generator()) == 66 * 8 * 8 * 4
    frames = keras.Input((16, 16, 3))
    x = keras.layers.Conv2D(5, 3, strides=2, padding="same")(frames)
    x = keras.layers.DepthwiseConv2D(3, padding="same")(x)
    model = keras.Model([frames], x)
    assert count_multiply_adds(model) == 8 * 8 * 5 * 9 * 3 + 8 * 8 * 5 * 9
