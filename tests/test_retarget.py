"""How far an anchor goes where its driver goes."""

import numpy as np
import pytest
from acting import AXES, FPS, NUM_FRAMES, act, axis, column

from keras_anchor import controls as ctl
from keras_anchor.controls import INDEX, NAMES
from keras_anchor.drive.retarget import DAMPED, MAX_GAIN, measure_ranges, retarget
from keras_anchor.performance import Performance

LIPS = [name for name in NAMES if name.startswith(("jaw", "mouth"))]
SHAPES = [
    name
    for name in NAMES[:52]
    if not name.startswith(("eyeLook", "eyeBlink")) and name != "mouthClose"
]


def second_differences(values):
    return np.abs(np.diff(values, n=2)).mean()


def ranges_up_to(strength):
    return {
        name: (strength * low, usual, strength * high)
        for name, (low, usual, high) in ctl.RANGES.items()
    }


RESTRAINED, WIDE = ranges_up_to(0.2), ranges_up_to(0.8)
ANCHORS = pytest.mark.parametrize("ranges", [RESTRAINED, WIDE, ctl.RANGES])


@ANCHORS
def test_zero_stays_zero(ranges):
    driver = act()
    moved = retarget(driver, ranges)
    for name in LIPS:
        is_zero = column(driver, name) == 0
        assert is_zero.sum() > 100
        assert not column(moved, name)[is_zero].any()


@ANCHORS
@pytest.mark.parametrize("strength", [0.05, 0.3, 1.0])
def test_order_is_kept(ranges, strength):
    driver = act(strength, noise=0.05)
    moved = retarget(driver, ranges)
    for names in [*AXES.values(), *((name,) for name in NAMES[:52])]:
        if len(names) == 1 and names[0].startswith("eyeLook"):
            continue
        order = np.argsort(axis(driver, names))
        assert np.diff(axis(moved, names)[order]).min() > -1e-6, names


def test_a_wide_driver_reaches_the_anchors_range_and_stops_there():
    moved = measure_ranges(retarget(act(), RESTRAINED).controls)
    for name in SHAPES:
        assert moved[name][2] == pytest.approx(0.2, rel=0.03)
    for name, names in AXES.items():
        if name not in DAMPED:
            values = axis(retarget(act(), RESTRAINED), names)
            low, high = RESTRAINED[names[0]][0], RESTRAINED[names[0]][2]
            low = low if len(names) == 1 else -high
            assert np.percentile(values, 99.5) == pytest.approx(high, rel=0.03)
            assert np.percentile(values, 0.5) == pytest.approx(low, rel=0.03)


def test_motion_does_not_stick_at_the_top():
    driver = act()
    moved = retarget(driver, RESTRAINED)
    for name in SHAPES:
        values, after = column(driver, name), column(moved, name)
        half, most = (after[np.argmin(np.abs(values - v))] for v in (0.5, 0.8))
        assert most > half + 0.02
        assert after.max() <= 0.2 * 1.1


def test_what_exceeds_the_drivers_range_ends_a_tenth_above_the_anchors():
    driver = act(0.3)
    driver.controls[700, :52] = np.maximum(driver.controls[700, :52], 0.9)
    moved = retarget(driver, RESTRAINED)
    for name in SHAPES:
        assert column(moved, name)[700] == pytest.approx(0.2 * 1.1, rel=0.01)


def test_small_motions_are_pressed_less_than_large_ones():
    driver = act()
    moved = retarget(driver, RESTRAINED)
    for name in SHAPES:
        values, after = column(driver, name), column(moved, name)
        assert after[np.argmin(np.abs(values - 0.1))] > 1.7 * 0.2 * 0.1
        assert np.all(after <= values + 1e-6)


def test_a_trackers_offset_at_rest_goes_and_a_lasting_expression_stays():
    driver = act(0.5)
    driver.controls[:, INDEX["eyeSquintLeft"]] += 0.08
    driver.controls[:, INDEX["mouthSmileLeft"]] += 0.4
    moved = retarget(driver, ctl.RANGES)
    assert column(moved, "eyeSquintLeft").min() == 0.0
    assert column(moved, "mouthSmileLeft").min() > 0.25


@ANCHORS
def test_a_still_driver_stays_still(ranges):
    rest = Performance(np.tile(ctl.NEUTRAL, (50, 1)), FPS)
    ranges = ranges | {"tongueOut": (0.0, 0.0, 0.0), "headYaw": (0.0, 0.0, 0.0)}
    np.testing.assert_array_equal(retarget(rest, ranges).controls, rest.controls)


@pytest.mark.parametrize("strength", [0.3, 0.8])
def test_equal_ranges_change_nothing(strength):
    driver = act(strength)
    ranges = measure_ranges(driver.controls)
    for name in ranges:
        if name.startswith("eyeLook"):  # The median of half an axis is not the axis'.
            ranges[name][1] = 0.0
    moved = retarget(driver, ranges)
    for name, names in AXES.items():
        if name not in DAMPED:
            shift = np.median(axis(driver, names)) * (len(names) > 1)
            difference = axis(moved, names) - axis(driver, names) + shift
            assert np.abs(difference).max() < 0.03 * strength, name
    for name in SHAPES:
        difference = column(moved, name) - column(driver, name)
        assert np.abs(difference).max() < 0.02 * strength, name


@ANCHORS
def test_a_silent_driver_stays_silent(ranges):
    rng = np.random.default_rng(0)
    noise = np.abs(rng.normal(0.0, 0.01, (NUM_FRAMES, 62)))
    moved = retarget(Performance(noise.astype("float32"), FPS), ranges)
    assert np.all(moved.controls[:, :52] <= MAX_GAIN * noise[:, :52] + 1e-3)


def test_a_short_clip_is_not_blown_up():
    driver = act(0.3)
    driver.controls = driver.controls[:5]
    moved = retarget(driver, ctl.RANGES)
    for name in SHAPES:
        assert np.all(column(moved, name) <= MAX_GAIN * column(driver, name) + 1e-6)


def test_an_expression_the_anchor_never_showed_stays_away():
    ranges = ctl.RANGES | {"tongueOut": (0.0, 0.0, 0.0), "torsoX": (0.0, 0.0, 0.0)}
    moved = retarget(act(), ranges)
    assert not column(moved, "tongueOut").any()
    assert not column(moved, "torsoX").any()


@pytest.mark.parametrize("ranges", [RESTRAINED, WIDE])
@pytest.mark.parametrize("strength", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_is_as_steady_as_the_driver(ranges, strength, noise):
    driver = act(strength, noise=noise)
    moved = retarget(driver, ranges)
    for names in [*AXES.values(), *((name,) for name in SHAPES)]:
        before, after = (second_differences(axis(p, names)) for p in (driver, moved))
        assert after <= 1.2 * before + 1e-6, names


def test_nothing_lags():
    driver = act()
    moved = retarget(driver, RESTRAINED)
    for name in SHAPES:
        one, two = column(driver, name), column(moved, name)
        matches = [
            np.corrcoef(one[5:-5], np.roll(two, k)[5:-5])[0, 1] for k in (-1, 0, 1)
        ]
        assert np.argmax(matches) == 1


def test_sound_and_pace_are_kept():
    driver = act()
    driver.sound, driver.sample_rate = np.zeros(10, "float32"), 16000
    moved = retarget(driver, RESTRAINED)
    assert (moved.fps, moved.sample_rate) == (FPS, 16000)
    assert moved.sound is driver.sound
    assert moved.controls.dtype == np.float32


def test_ranges_that_lack_a_control_are_refused():
    ranges = {name: row for name, row in ctl.RANGES.items() if name != "jawOpen"}
    with pytest.raises(ValueError, match=r"\['jawOpen'\] are missing.*load_anchor"):
        retarget(act(), ranges)


@pytest.mark.parametrize("row", [(0.0, 1.0), (0.0, 0.9, 0.5), "abc"])
def test_ranges_out_of_order_are_refused(row):
    with pytest.raises(ValueError, match=r"Expected \[low, usual, high\].*`jawOpen`"):
        retarget(act(), ctl.RANGES | {"jawOpen": row})
