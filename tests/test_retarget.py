import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.controls import INDEX, NAMES
from keras_anchor.drive.retarget import (
    DAMPED,
    MAX_GAIN,
    measure_ranges,
    press,
    retarget,
)
from keras_anchor.performance import Performance

FPS, NUM_FRAMES = 25, 1500
LIPS = [name for name in NAMES if name.startswith(("jaw", "mouth"))]
SHAPES = [
    name
    for name in NAMES[:52]
    if not name.startswith(("eyeLook", "eyeBlink")) and name != "mouthClose"
]
AXES = {name: (name,) for name in NAMES[52:]} | {
    f"{one}{side}": (f"eyeLook{one}{side}", f"eyeLook{other}{side}")
    for side in ("Left", "Right")
    for one, other in (("Out", "In"), ("Up", "Down"))
}


def column(performance, name):
    return performance.controls[:, INDEX[name]].astype("float64")


def axis(performance, names):
    positive, *negative = names
    return column(performance, positive) - sum(
        column(performance, name) for name in negative
    )


def second_differences(values):
    return np.abs(np.diff(values, n=2)).mean()


def act(strength=1.0, seed=0, noise=0.0):
    """A performance in which everything moves, from rest up to `strength`."""
    rng = np.random.default_rng(seed)
    times = np.arange(NUM_FRAMES) / FPS
    waves = np.sin(
        2 * np.pi * rng.uniform(0.3, 1.5, 62) * times[:, None]
        + rng.uniform(0, 2 * np.pi, 62)
    )
    waves += noise * rng.normal(size=waves.shape)
    controls = np.where(ctl.LOW < 0, waves * ctl.HIGH, np.maximum(waves, 0.0))
    for positive, *negative in AXES.values():
        for name in negative:
            wave = waves[:, INDEX[positive]]
            controls[:, INDEX[positive]] = np.maximum(wave, 0.0)
            controls[:, INDEX[name]] = np.maximum(-wave, 0.0)
    return Performance(ctl.clip(strength * controls), FPS)


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


def test_pressing_changes_nothing_that_fits():
    performance = act(0.5)
    ranges = {name: [-1.0, 0.0, 1.0] for name in NAMES}
    pressed = press(performance, ranges)
    np.testing.assert_array_equal(pressed.controls, performance.controls)


def test_pressing_keeps_order_and_ends_at_the_anchors_top():
    performance = act()
    ranges = {name: [-1.0, 0.0, 0.3] for name in NAMES}
    for name in ("jawOpen", "mouthSmileLeft", "eyeBlinkRight"):
        before, after = (
            column(performance, name),
            column(press(performance, ranges), name),
        )
        assert after.max() == pytest.approx(0.3, abs=0.01)
        assert (np.diff(after[np.argsort(before)]) >= 0).all()
        assert (after[before == 0] == 0).all()


def test_lips_shut_over_an_open_jaw_stay_shut_when_pressed():
    controls = np.zeros((50, 62), "float32")
    controls[:, INDEX["jawOpen"]] = np.linspace(0, 0.8, 50)
    controls[:, INDEX["mouthClose"]] = controls[:, INDEX["jawOpen"]]
    ranges = {name: [-1.0, 0.0, 0.3] for name in NAMES}
    pressed = press(Performance(controls, FPS), ranges)
    jaw, lips = column(pressed, "jawOpen"), column(pressed, "mouthClose")
    np.testing.assert_allclose(jaw, lips, atol=1e-6)
