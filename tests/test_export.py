import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor import export
from keras_anchor.anchors import load_anchor
from keras_anchor.doctor import TENSORFLOWJS_PIP
from keras_anchor.export import export_anchor
from keras_anchor.export.benchmark import count_multiply_adds
from keras_anchor.export.charts import read_log
from keras_anchor.export.report import write_report
from keras_anchor.export.saved_model import write_saved_model
from keras_anchor.export.tfjs import UNUSED, import_converter
from keras_anchor.export.tflite import check_size
from keras_anchor.export.verify import (
    compare,
    find_node_packages,
    predict,
    run_tflite,
    sample_controls,
    verify_formats,
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


@pytest.fixture(scope="module")
def info(tiny_anchor):
    return load_anchor(tiny_anchor).info


def build_flat_generator(num_controls=62, noise_size=4):
    """Draws grey frames as bright as `jawOpen`."""
    controls = keras.Input((num_controls,), name="controls")
    noise = keras.Input((noise_size,), name="noise")
    both = keras.layers.Concatenate()([controls, noise])
    x = keras.layers.Dense(8 * 8 * 4)(both)
    return keras.Model([controls, noise], keras.layers.Reshape((8, 8, 4))(x))


def test_every_format_draws_what_keras_draws(info):
    formats = info["metrics"]["formats"]
    for name in formats.keys() - {"tflite_float16"}:
        assert formats[name]["largest_difference"] < 1e-3
    assert formats["tflite_float16"]["psnr"] > 45.0
    assert formats["tflite_float16"]["largest_difference"] > 1e-6


@needs_tfjs
def test_tfjs_is_verified_where_it_can_be(info):
    assert "tfjs" in info["metrics"]["formats"]


def test_verification_sees_the_controls(tiny_generator):
    controls = sample_controls()
    noise = np.zeros((len(controls), 4), "float32")
    frames = predict(tiny_generator, controls, noise)
    assert compare(frames, frames[::-1])["psnr"] < 45.0
    assert len(np.unique(controls, axis=0)) == len(controls) == 64
    np.testing.assert_array_equal(controls, ctl.clip(controls))


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
    shapes = [shape for _, shape in tf.train.list_variables(str(prefix))]
    sizes = sum(int(np.prod(shape)) for shape in shapes if shape)
    assert sizes >= tiny_generator.count_params()


def test_tflite_keeps_the_names(tiny_anchor, tiny_generator):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(tiny_anchor / "generator_float16.tflite"))
    (names,) = interpreter.get_signature_list().values()
    assert sorted(names["inputs"]) == ["controls", "noise"]
    assert names["outputs"] == ["frames"]
    for details in interpreter.get_tensor_details():
        assert -1 not in details["shape_signature"]


def test_tflite_without_weights_is_refused():
    check_size(b"x" * 3600, num_parameters=1000, bytes_each=4)
    with pytest.raises(ValueError, match="has 3599 bytes, but 1000 parameters"):
        check_size(b"x" * 3599, num_parameters=1000, bytes_each=4)


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


def test_a_failed_export_leaves_the_old_anchor(tiny_run, tmp_path, monkeypatch):
    folder = tmp_path / "anchor"
    export_anchor(tiny_run, folder, formats=["tflite"])
    created = load_anchor(folder).info["created"]
    limits = sys.modules["keras_anchor.export.verify"]
    monkeypatch.setattr(limits, "MAX_DIFFERENCE", -1.0)
    with pytest.raises(ValueError, match="Nothing was exported"):
        export_anchor(tiny_run, folder, formats=["tflite"])
    assert load_anchor(folder).info["created"] == created
    assert os.listdir(tmp_path) == ["anchor"]


def test_an_anchor_is_replaced_and_nothing_else(tmp_path):
    folder = tmp_path / "anchor"
    folder.mkdir()
    (folder / "anchor.json").write_text("old")
    with export.replacing(folder) as part:
        (part / "anchor.json").write_text("new")
    assert (folder / "anchor.json").read_text() == "new"
    assert os.listdir(tmp_path) == ["anchor"]

    (folder / "anchor.json").rename(folder / "thesis.txt")
    with (
        pytest.raises(ValueError, match="exists and is no anchor"),
        export.replacing(folder),
    ):
        pass
    assert (folder / "thesis.txt").exists()


def test_takes_its_facts_from_the_run(info, tiny_run):
    assert (info["name"], info["fps"], info["licence"]) == ("tiny", 25.0, "CC0")
    assert info["training"] == json.loads((tiny_run / "config.json").read_text())
    assert (info["size"], info["alpha"], info["noise"]) == (64, True, [0.0] * 4)


def test_poster_shows_it_at_rest(tiny_anchor, tiny_generator):
    poster = cv2.imread(str(tiny_anchor / "poster.png"), cv2.IMREAD_UNCHANGED)
    inputs = [ctl.NEUTRAL[None], np.zeros((1, 4), "float32")]
    pixels = to_uint8(tiny_generator(inputs, training=False)[0])
    np.testing.assert_array_equal(poster[..., [2, 1, 0, 3]], pixels)


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"formats": ["onnx"]}, r"Expected `formats` out of .* received \['onnx'\]"),
        ({"formats": []}, "received \\[\\]"),
        ({"tfjs_weights": "int8"}, "received 'int8'"),
    ],
)
def test_unknown_choices_are_refused(tiny_run, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        export_anchor(tiny_run, tmp_path / "anchor", **options)


def test_refuses_a_run_of_other_controls(tiny_run, tmp_path):
    schema = json.loads((tiny_run / "controls.json").read_text())
    schema["controls"].reverse()
    (tmp_path / "controls.json").write_text(json.dumps(schema))
    with pytest.raises(ValueError, match="Export it with the version"):
        export.check_names(tmp_path)


def test_report_needs_no_other_file(tiny_anchor):
    page = (tiny_anchor / "report.html").read_text()
    assert "Synthetic" in page and page.count("data:image/") == 2
    assert "TFLite, float16" in page and "pixel_l1: 0.333 to 1" in page
    assert not any(mark in page for mark in ("http:", "https:", "<script", "<link"))


def test_report_shows_metrics_that_are_there(tiny_anchor, tiny_run, info, tmp_path):
    scores = {"psnr": 31.25, "perceptual": 0.125, "sharpness": 0.875}
    metrics = {
        "boxes": {"mouth": scores},
        "nearest_frame": {"mouth": scores | {"psnr": 21.75}},
        "obedience": {"jawOpen": 0.985},
        "obedience_of_truth": {"jawOpen": 0.991},
        "steadiness": {"still_jitter": 0.0425},
    }
    page_path = tmp_path / "report.html"
    facts = info | {"metrics": metrics, "name": "<Ada>"}
    write_report(page_path, facts, tiny_anchor / "poster.png", tmp_path)
    page = page_path.read_text()
    for text in (
        "31.2",
        "21.8",
        "nearest training frame",
        "0.985",
        "0.991",
        "still jitter",
    ):
        assert text in page
    assert "&lt;Ada&gt;" in page and "<Ada>" not in page
    for absent in ("<h2>Formats", "<h2>Samples", "<h2>Training", "mean training frame"):
        assert absent not in page


def test_reads_the_log_by_name_and_stage(tiny_run, tmp_path):
    curves = read_log(tiny_run / "log.jsonl")
    assert curves == {
        "pixel_l1": {
            stage: [(10, 1.0), (20, 0.5), (30, pytest.approx(1 / 3))]
            for stage in ("mouth", "whole")
        }
    }
    assert read_log(Path(tmp_path, "absent.jsonl")) == {}


def test_tflite_runs_on_the_noise_it_gets(tiny_anchor):
    controls = sample_controls(4)
    path = tiny_anchor / "generator.tflite"
    quiet, loud = (
        run_tflite(path, controls, np.full((4, 4), value, "float32"))
        for value in (0.0, 3.0)
    )
    assert np.abs(quiet - loud).max() > 1e-3
