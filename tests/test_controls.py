import re
from pathlib import Path

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.files import read_json


def test_left_out_is_neutral_and_the_rest_is_clipped():
    vector = ctl.pack({"jawOpen": 2.0, "headYaw": -0.1})
    assert vector.shape == (62,) and vector[ctl.INDEX["jawOpen"]] == 1.0
    assert vector[ctl.INDEX["headYaw"]] == np.float32(-0.1)
    assert np.count_nonzero(vector != ctl.NEUTRAL) == 2


def test_unknown_control_is_named_beside_the_known():
    with pytest.raises(ValueError, match=r"\['jaw'\].*Known: \['eyeBlinkLeft'"):
        ctl.pack({"jaw": 0.5})


def test_columns_are_matched_by_name(rng):
    controls = rng.uniform(size=(3, 62)).astype("float32")
    names = list(ctl.NAMES)[::-1]
    np.testing.assert_array_equal(ctl.reorder(controls[:, ::-1], names), controls)
    alone = ctl.reorder(controls[:, :1], ["jawOpen"])
    np.testing.assert_array_equal(alone[:, ctl.INDEX["jawOpen"]], controls[:, 0])
    assert np.count_nonzero(alone) == 3


LEFT = [name for name in ctl.NAMES if "Left" in name]


@pytest.mark.parametrize("name", LEFT)
def test_a_mirror_exchanges_left_and_right(name):
    other = name.replace("Left", "Right")
    mirrored = ctl.mirror(ctl.pack({name: 0.7, other: 0.2}))
    np.testing.assert_array_equal(mirrored, ctl.pack({name: 0.2, other: 0.7}))


def test_a_mirror_knows_every_side():
    assert len(LEFT) == sum("Right" in name for name in ctl.NAMES) == 20
    assert {name.replace("Left", "Right") for name in LEFT} <= set(ctl.NAMES)


@pytest.mark.parametrize("name", [control.name for control in ctl.POSE])
def test_a_mirror_turns_what_has_a_side_around(name):
    across = ("headYaw", "headRoll", "headX", "torsoX", "torsoRoll")
    sign = -1.0 if name in across else 1.0
    mirrored = ctl.mirror(ctl.pack({name: 0.04}))
    np.testing.assert_array_equal(mirrored, ctl.pack({name: sign * 0.04}))


def test_a_mirror_in_a_mirror_changes_nothing(rng):
    controls = rng.uniform(ctl.LOW, ctl.HIGH, (5, 62)).astype("float32")
    np.testing.assert_array_equal(ctl.mirror(ctl.mirror(controls)), controls)


def test_file_round_trip(tmp_path):
    ctl.save_controls(tmp_path)
    assert ctl.load_names(tmp_path) == list(ctl.NAMES)
    (tmp_path / "controls.json").unlink()
    with pytest.raises(ValueError, match="controls.json is missing"):
        ctl.load_names(tmp_path)


@pytest.mark.parametrize("name", ctl.EXPRESSIONS)
def test_expressions_stay_in_range(name):
    values = ctl.EXPRESSIONS[name]
    packed = ctl.pack(values)
    for control, value in values.items():
        assert packed[ctl.INDEX[control]] == np.float32(value)


def test_every_slider_of_the_page_has_a_label_in_chinese():
    path = Path(ctl.__file__).parent / "assets" / "control_labels.json"
    labels = read_json(path)["zh"]
    sides = {re.sub("(Left|Right)$", "", name) for name in ctl.NAMES}
    # Directions are sliders of their own.
    rows = {row for row in sides if row not in ("jaw", "mouth")}
    rows |= {"jawLeft", "jawRight", "mouthLeft", "mouthRight"}
    assert set(labels) == rows
    assert all(label and help for label, help in labels.values())
