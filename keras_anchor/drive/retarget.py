"""Somebody's performance on somebody else's face.

Each control goes from the driver's own neutral and range to the anchor's, by a curve
of its own and frame by frame: its order is kept, and nothing lags.
"""

from dataclasses import replace

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.controls import NAMES

# What counts as lowest and highest: single frames are the tracker's mistakes.
PERCENTILES = 0.5, 50.0, 99.5
# A tracker's offset at rest, seen in a tenth of the frames, is no expression; more
# than this is one.
REST_PERCENTILE, MAX_REST = 10.0, 0.1
# How much an expression or a glance may grow. More shows as trembling, and makes a
# silent driver mumble.
MAX_GAIN = 1.2
# Where the driver's range is the wider one, how much steeper small motions stay than
# a straight line: large ones are pressed together, none sticks.
MAX_STEEPNESS = 2.0
# How far, as a share of the anchor's range, what is beyond the driver's may go.
OVERSHOOT = 0.1
# Lids that nobody saw shut in a clip: from where on they count as shut. Trackers read
# .3 to .9 off shut eyes, and not the same off left and right.
LEAST_CLOSURE = 0.35
# Shifts are half the camera's doing.
DAMPED = "headX", "headY", "headScale", "torsoX", "torsoY", "torsoRoll"
DAMPING = 0.7
BLINKS = "eyeBlinkLeft", "eyeBlinkRight"
# Controls that are the two halves of one axis.
GAZE = [
    (f"eyeLook{one}{side}", f"eyeLook{other}{side}")
    for side in ("Left", "Right")
    for one, other in (("Out", "In"), ("Up", "Down"))
]
POSE = [control.name for control in ctl.POSE]


def measure_ranges(controls):
    """What controls `(num_frames, 62)` show: `{name: [low, usual, high]}`."""
    rows = np.percentile(controls, PERCENTILES, axis=0).T
    return {
        name: [round(float(value), 4) for value in row]
        for name, row in zip(NAMES, rows, strict=True)
    }


def check_ranges(ranges):
    """Raises `ValueError` unless `ranges` are numbers in order for every control."""
    if missing := [name for name in NAMES if name not in ranges]:
        raise ValueError(
            f"Expected the anchor's ranges of all controls, {missing} are missing. "
            "Take those of `load_anchor` or `measure_ranges`."
        )
    for name, numbers in ranges.items():
        if np.shape(numbers) != (3,) or not np.all(np.diff(numbers) >= 0):
            raise ValueError(
                f"Expected [low, usual, high] as the range of `{name}`, received "
                f"{numbers}. Export the anchor again."
            )


def retarget(performance, ranges):
    """Fits a performance to what an anchor can show.

    Expressions go from the driver's resting face to the anchor's, so that what is 0
    stays 0 and lips shut, and reach as high as the anchor's take did; they grow by a
    fifth at most. A shut eye shuts the anchor's. Gaze and pose are measured from the
    driver's usual ones; angles stay what they are, unless the anchor never turned so
    far.

    Args:
        performance: A `Performance`. Its whole clip says what is usual, so give more
            than a few seconds.
        ranges: `{name: (low, usual, high)}` of the anchor: `Anchor.ranges`.

    Returns:
        A `Performance`.

    Raises:
        ValueError: If `ranges` lack a control, or are not in order.
    """
    check_ranges(ranges)
    driver = dict(zip(NAMES, performance.controls.T.astype("float64"), strict=True))
    moved = {}
    for positive, negative in GAZE:
        moved[positive], moved[negative] = move_gaze(driver, ranges, positive, negative)
    for name in POSE:
        share = DAMPING if name in DAMPED else 1.0
        moved[name] = move_axis(share * driver[name], *ranges[name])
    for name in BLINKS:
        moved[name] = move_lids(driver[name], ranges[name][2])
    for name in set(NAMES) - moved.keys():
        moved[name] = move_shape(driver[name], ranges[name][2])
    moved["mouthClose"] = move_shut_lips(driver, ranges)
    controls = np.stack([moved[name] for name in NAMES], 1)
    return replace(performance, controls=ctl.clip(controls))


def press(performance, ranges):
    """Presses expressions together that go farther than an anchor's; keeps the rest.

    For performances that were made for any face, such as speech from text: an anchor
    whose take shows little would stick at its top.

    Args:
        ranges: As in `retarget`.

    Returns:
        A `Performance`.
    """
    check_ranges(ranges)
    controls = performance.controls.copy()
    for control in ctl.BLENDSHAPES:
        column = ctl.INDEX[control.name]
        # Lips that are shut over an open jaw stay shut: they follow the jaw's curve.
        guide = "jawOpen" if control.name == "mouthClose" else control.name
        reach = performance.controls[:, ctl.INDEX[guide]].max()
        high = ranges[guide][2]
        if reach > high:
            values = controls[:, column].astype("float64")
            controls[:, column] = bend(values, reach, high, max_gain=1.0)
    return replace(performance, controls=ctl.clip(controls))


def move_shape(values, high, seen=None):
    """Moves an expression up from 0; `seen` is what the driver's range is read off."""
    rest, reach = measure_shape(values if seen is None else seen)
    return bend(np.maximum(values - rest, 0.0), reach, high)


def measure_shape(values):
    """Where an expression rests, and how far it goes from there."""
    rest = min(np.percentile(values, REST_PERCENTILE), MAX_REST)
    return rest, np.percentile(values, PERCENTILES[2]) - rest


def move_lids(values, high):
    """Moves a blink: however far shut is for the driver, the anchor's lids shut."""
    rest, closure = measure_shape(values)
    return bend_lids(np.maximum(values - rest, 0.0), max(closure, LEAST_CLOSURE), high)


def move_shut_lips(driver, ranges):
    """Keeps lips that are shut over an open jaw shut, whatever the jaw's curve."""
    jaw_high, high = ranges["jawOpen"][2], ranges["mouthClose"][2]
    return bend(
        move_shape(driver["mouthClose"], jaw_high, driver["jawOpen"]), high, high
    )


def move_gaze(driver, ranges, positive, negative):
    """Moves two controls as the axis they are the halves of; returns both."""
    (_, usual, high), (_, other_usual, other_high) = ranges[positive], ranges[negative]
    values = driver[positive] - driver[negative]
    axis = move_axis(values, -other_high, usual - other_usual, high, MAX_GAIN)
    return np.maximum(axis, 0.0), np.maximum(-axis, 0.0)


def move_axis(values, low, usual, high, max_gain=1.0):
    """Moves values with two signs from the driver's median to the anchor's."""
    away = values - np.median(values)
    bottom, _, top = np.percentile(away, PERCENTILES)
    up = bend(np.maximum(away, 0.0), top, high - usual, max_gain)
    return usual + up - bend(np.maximum(-away, 0.0), -bottom, usual - low, max_gain)


def bend(values, reach, high, max_gain=MAX_GAIN):
    """Maps 0 to 0 and `reach` to `high`, or to less where `max_gain` forbids it.

    A straight line where the anchor's range is the wider one; else a hyperbola that
    starts out without making anything smaller, or at `MAX_STEEPNESS` times the
    straight line's slope.
    """
    if high <= 0.0:
        return np.zeros_like(values)
    reach = max(reach, high / max_gain)
    share, steepness = values / reach, np.clip(reach / high, 1.0, MAX_STEEPNESS)
    return ease(steepness * share / (1.0 + (steepness - 1.0) * share), high)


def bend_lids(values, closure, high):
    """As `bend`, but lids always shut; open ones move no more than the driver's."""
    if high <= closure:
        return bend(values, closure, high)
    share, steepness = values / closure, closure / high
    return ease(share * (steepness + (1.0 - steepness) * share), high)


def ease(share, high):
    """Shares of `high`; what exceeds 1 slows down and stops at `OVERSHOOT`."""
    beyond = OVERSHOOT * np.tanh(np.maximum(share - 1.0, 0.0) / OVERSHOOT)
    return high * (np.minimum(share, 1.0) + beyond)
