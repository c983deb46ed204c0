import json
import os
import sys
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor import export
from keras_anchor.export import export_anchor
from keras_anchor.frames import to_uint8
from keras_anchor.layers import Limit


def test_takes_its_facts_from_the_run(info, tiny_run):
    assert (info["name"], info["fps"], info["licence"]) == ("tiny", 25.0, "CC0")
    config = json.loads((tiny_run / "config.json").read_text())
    assert info["training"] == config | {"consent": info["consent"]}
    assert (info["size"], info["alpha"], info["noise"]) == (64, True, [0.0] * 4)


def test_consent_is_shown_without_its_note(info, tiny_anchor):
    consent = {"who": "Tess", "purpose": "to test", "date": "2026-01-31"}
    assert info["consent"] == consent
    report = (tiny_anchor / "report.html").read_text()
    assert "Consent: Tess agreed on 2026-01-31 to: to test." in report
    assert "t@b.c" not in report


def test_ranges_are_what_the_run_says():
    ranges = {"jawOpen": [0.0, 0.1, 0.4]}
    assert export.choose_ranges({"ranges": ranges}, None) == ranges


def test_ranges_of_an_older_run_are_read_off_the_generator():
    low, high = ctl.LOW / 2, ctl.HIGH / 4
    controls = keras.Input((62,))
    limited = Limit(low, high, name="limit")(controls)
    ranges = export.choose_ranges({}, keras.Model(controls, limited))
    assert ranges["jawOpen"] == [0.0, 0.0, 0.225]
    assert ranges["headYaw"] == [-0.315, 0.0, 0.1575]
    assert export.choose_ranges({}, keras.Model(controls, controls)) == {}


def test_an_anchor_says_its_ranges(info):
    assert info["ranges"].keys() == ctl.RANGES.keys()
    assert info["ranges"]["headYaw"] == [-0.63, 0.0, 0.63]


def test_poster_shows_it_at_rest(tiny_anchor, tiny_generator):
    poster = cv2.imread(str(tiny_anchor / "poster.png"), cv2.IMREAD_UNCHANGED)
    inputs = [ctl.NEUTRAL[None], np.zeros((1, 4), "float32")]
    pixels = to_uint8(tiny_generator(inputs, training=False)[0])
    np.testing.assert_array_equal(poster[..., [2, 1, 0, 3]], pixels)


@pytest.fixture
def old_anchor(tmp_path):
    """An anchor's folder, as far as an export looks at it."""
    folder = tmp_path / "anchor"
    folder.mkdir()
    (folder / "anchor.json").write_text("old")
    return folder


def is_alone_and_old(folder):
    names = [path.name for path in folder.parent.iterdir()]
    return names == ["anchor"] and (folder / "anchor.json").read_text() == "old"


def test_a_failed_export_leaves_the_old_anchor(tiny_run, old_anchor, monkeypatch):
    limits = sys.modules["keras_anchor.export.verify"]
    monkeypatch.setattr(limits, "MAX_DIFFERENCE", -1.0)
    with pytest.raises(ValueError, match="Nothing was exported"):
        export_anchor(tiny_run, old_anchor, formats=["tflite"])
    assert is_alone_and_old(old_anchor)


@pytest.mark.parametrize("format_name", ["saved_model", "tflite"])
def test_a_full_disk_leaves_the_old_anchor(
    format_name, tiny_run, old_anchor, full_disk
):
    errors = OSError, tf.errors.OpError
    with pytest.raises(errors, match="File too large"), full_disk(50_000):
        export_anchor(tiny_run, old_anchor, formats=[format_name])
    assert is_alone_and_old(old_anchor)


def test_ctrl_c_leaves_the_old_anchor(old_anchor):
    with pytest.raises(KeyboardInterrupt), export.replacing(old_anchor) as part:
        (part / "anchor.json").write_text("new")
        raise KeyboardInterrupt
    assert is_alone_and_old(old_anchor)


def test_ctrl_c_while_anchors_change_places_leaves_the_old_one(old_anchor, monkeypatch):
    rename = Path.rename

    def stop(path, target):
        if path.name.endswith(".part"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt), export.replacing(old_anchor) as part:
        (part / "anchor.json").write_text("new")
    assert is_alone_and_old(old_anchor)


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
