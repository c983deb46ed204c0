import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import export
from keras_anchor.anchors import load_anchor
from keras_anchor.doctor import TENSORFLOWJS_PIP
from keras_anchor.export import export_anchor
from keras_anchor.export.tfjs import UNUSED, import_converter
from keras_anchor.export.tflite import check_size
from keras_anchor.export.verify import (
    find_node_packages,
    run_tflite,
    sample_controls,
)
from keras_anchor.frames import to_uint8

LOAD_ELSEWHERE = """
import sys
import numpy as np
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
controls, noise = np.load(sys.argv[2] + "/controls.npy"), np.zeros((3, 4), "float32")
inputs = {"controls": tf.constant(controls), "noise": tf.constant(noise)}
for name, output in (("serving_default", "frames"), ("render", "pixels")):
    drawn = model.signatures[name](**inputs)[output]
    np.save(f"{sys.argv[2]}/{output}.npy", drawn)
assert not any(name.startswith("keras_anchor") for name in sys.modules)
"""


def has_tfjs():
    try:
        find_node_packages()
        return bool(import_converter())
    except (ImportError, ValueError):
        return False


needs_tfjs = pytest.mark.skipif(not has_tfjs(), reason="no tensorflowjs, Node or npm")


def test_every_format_draws_what_keras_draws(info):
    formats = info["metrics"]["formats"]
    for name in formats.keys() - {"tflite_float16", "web"}:
        assert formats[name]["largest_difference"] < 1e-3
    assert formats["tflite_float16"]["psnr"] > 45.0
    assert 38.0 < formats["web"]["psnr"] < 100.0
    assert formats["tflite_float16"]["largest_difference"] > 1e-6


@needs_tfjs
def test_tfjs_is_verified_where_it_can_be(info):
    assert "tfjs" in info["metrics"]["formats"]


def test_saved_model_loads_where_keras_anchor_is_not(
    tiny_anchor, tiny_generator, tmp_path
):
    controls = sample_controls(4)[:3]
    np.save(tmp_path / "controls.npy", controls)
    folder = tiny_anchor / "saved_model"
    subprocess.run(
        [sys.executable, "-c", LOAD_ELSEWHERE, str(folder), str(tmp_path)], check=True
    )
    noise = np.zeros((3, 4), "float32")
    frames = tiny_generator([controls, noise], training=False).numpy()
    pixels = np.load(tmp_path / "pixels.npy")
    np.testing.assert_allclose(np.load(tmp_path / "frames.npy"), frames, atol=1e-4)
    assert pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - to_uint8(frames)).max() <= 1


def test_saved_model_holds_every_variable(tiny_anchor, tiny_generator):
    prefix = tiny_anchor / "saved_model" / "variables" / "variables"
    variables = tf.train.list_variables(str(prefix))
    # What starts like this is no variable: the graph of objects.
    shapes = [shape for name, shape in variables if not name.startswith("_")]
    sizes = sum(int(np.prod(shape)) for shape in shapes)
    assert sizes >= tiny_generator.count_params()


def test_tflite_keeps_the_names(tiny_anchor, tiny_generator):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(tiny_anchor / "generator_float16.tflite"))
    (names,) = interpreter.get_signature_list().values()
    assert sorted(names["inputs"]) == ["controls", "noise"]
    assert names["outputs"] == ["frames"]
    for details in interpreter.get_tensor_details():
        assert -1 not in details["shape_signature"]


def test_tflite_runs_on_the_noise_it_gets(tiny_anchor):
    controls = sample_controls(4)
    path = tiny_anchor / "generator.tflite"
    quiet, loud = (
        run_tflite(path, controls, np.full((4, 4), value, "float32"))
        for value in (0.0, 3.0)
    )
    assert np.abs(quiet - loud).max() > 1e-3


def test_tflite_without_weights_is_refused():
    check_size(b"x" * 3600, num_parameters=1000, bytes_each=4)
    with pytest.raises(ValueError, match="has 3599 bytes, but 1000 parameters"):
        check_size(b"x" * 3599, num_parameters=1000, bytes_each=4)


@needs_tfjs
def test_float16_halves_the_tfjs_model(tiny_run, tiny_anchor, tmp_path):
    folder = export_anchor(
        tiny_run, tmp_path / "anchor", formats=["tfjs"], tfjs_weights="float16"
    )

    def weigh(anchor_folder):
        return sum(p.stat().st_size for p in (anchor_folder / "tfjs").glob("*.bin"))

    assert weigh(folder) < 0.55 * weigh(tiny_anchor)
    assert not (folder / "temporary").exists()


@needs_tfjs
def test_float16_is_given_up_where_frames_suffer(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MIN_TFJS_PSNR", 200.0)
    folder = export_anchor(
        tiny_run, tmp_path / "anchor", formats=["tfjs"], tfjs_weights="float16"
    )
    difference = load_anchor(folder).info["metrics"]["formats"]["tfjs"]
    assert difference["largest_difference"] < 1e-3


def test_stand_ins_for_unused_modules_go_away():
    before = set(sys.modules)
    pytest.importorskip("tensorflowjs")
    import_converter()
    assert not {name for name in set(sys.modules) - before if name in UNUSED}


def test_says_how_to_install_tensorflowjs(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImportError) as error:
        import_converter()
    assert TENSORFLOWJS_PIP in str(error.value)
