"""What is particular to lids, lips, gaze and head."""

import numpy as np
import pytest
from acting import AXES, FPS, NUM_FRAMES, act, axis, column

from keras_anchor import controls as ctl
from keras_anchor.controls import INDEX, NAMES
from keras_anchor.drive.retarget import measure_ranges, retarget
from keras_anchor.performance import Performance


def test_each_way_of_a_gaze_has_its_own_range():
    ranges = ctl.RANGES | {"eyeLookInLeft": (0.0, 0.0, 0.2)}
    moved = measure_ranges(retarget(act(), ranges).controls)
    assert moved["eyeLookInLeft"][2] == pytest.approx(0.2, rel=0.03)
    assert moved["eyeLookOutLeft"][2] == pytest.approx(1.0, rel=0.03)


def test_shifts_are_damped():
    driver = act(0.5)
    expected = 0.7 * (column(driver, "headX") - np.median(column(driver, "headX")))
    moved = column(retarget(driver, ctl.RANGES), "headX")
    np.testing.assert_allclose(moved, expected, atol=1e-6)


@pytest.mark.parametrize(("closure", "high"), [(0.6, 1.0), (0.9, 0.5), (0.7, 0.7)])
def test_a_shut_eye_shuts_the_anchors(closure, high):
    lids = np.zeros(NUM_FRAMES)
    for start in range(20, NUM_FRAMES, 90):
        lids[start : start + 5] = np.array([0.3, 0.8, 1.0, 0.8, 0.3]) * closure
    driver = act()
    for name in ("eyeBlinkLeft", "eyeBlinkRight"):
        driver.controls[:, INDEX[name]] = lids
    ranges = ctl.RANGES | {"eyeBlinkLeft": (0.0, 0.0, high)}
    moved = column(retarget(driver, ranges), "eyeBlinkLeft")
    np.testing.assert_allclose(moved[lids == lids.max()], high, rtol=0.02)
    np.testing.assert_array_equal(moved[lids == 0], 0.0)


def test_open_lids_stay_open_where_nobody_blinks():
    lids = np.abs(np.random.default_rng(0).normal(0.0, 0.02, NUM_FRAMES))
    driver = act()
    driver.controls[:, INDEX["eyeBlinkLeft"]] = lids
    assert column(retarget(driver, ctl.RANGES), "eyeBlinkLeft").max() < 0.12


def test_lips_shut_over_an_open_jaw_stay_shut():
    driver = act()
    driver.controls[:, INDEX["mouthClose"]] = driver.controls[:, INDEX["jawOpen"]]
    moved = retarget(driver, ctl.RANGES | {"jawOpen": (0.0, 0.0, 0.4)})
    np.testing.assert_allclose(
        column(moved, "mouthClose"), column(moved, "jawOpen"), atol=1e-6
    )


@pytest.mark.parametrize("name", ["headYaw", "headPitch", "headRoll"])
def test_angles_within_the_anchors_range_stay_radians_from_the_median(name):
    driver = act(0.5)
    driver.controls[:, INDEX[name]] += 0.1
    moved = column(retarget(driver, ctl.RANGES), name)
    expected = column(driver, name) - np.median(column(driver, name))
    np.testing.assert_allclose(moved, expected, atol=1e-6)


def test_the_usual_gaze_becomes_the_anchors_usual_gaze():
    driver = act(0.3)
    driver.controls[:, INDEX["eyeLookInLeft"]] += 0.5
    ranges = ctl.RANGES | {"eyeLookOutLeft": (0.0, 0.2, 1.0)}
    moved = retarget(driver, ranges)
    assert np.median(axis(moved, AXES["OutLeft"])) == pytest.approx(0.2, abs=1e-3)
    halves = [column(moved, name) for name in AXES["OutLeft"]]
    assert not np.minimum(*halves).any()


def test_a_mirrored_driver_moves_the_mirrored_anchor():
    driver, ranges = act(), measure_ranges(act(0.5, seed=1).controls)
    rows = np.array([ranges[name] for name in NAMES]).T
    turned = np.sort(ctl.mirror(rows), 0)
    other = {name: row for name, row in zip(NAMES, turned.T, strict=True)}
    mirrored = Performance(ctl.mirror(driver.controls), FPS)
    np.testing.assert_allclose(
        retarget(mirrored, other).controls,
        ctl.mirror(retarget(driver, ranges).controls),
        atol=1e-5,
    )
