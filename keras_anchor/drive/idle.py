"""What a newsreader does besides speaking, by the clock: blinks, gaze, breath, sway.

Everything is a function of the time since somebody came, so that it can be asked for
piece by piece, at any fps, and goes on for ever.
"""

import numpy as np

from keras_anchor.drive.moods import smoothstep

# Seconds a lid takes to shut, stays shut (a frame, so that one shows it), and takes to
# open: half as fast as it shut.
BLINK = 0.08, 0.04, 0.16
BLINK_SPREAD, BLINK_LEAST = 0.45, 1.2
# Who reads aloud blinks less often, and more in the pauses.
READING = 1.25
# How far the eyes turn at a gaze control of 1, in radians.
GAZE_RANGE = 0.35
# As far as eyes turn while they hold the camera, and while they look away.
GAZE_LIMIT, LOOK_LIMIT = 0.35, 0.8
# Seconds of a saccade that is small, and of one that is as large as a look; how long a
# look lasts; when the head follows and how long it turns, how far it goes along.
SACCADE, LOOK_SACCADE, LOOK_SECONDS = 0.04, 0.07, 1.5
HEAD_LAG, HEAD_SECONDS, HEAD_SHARE = 0.08, 0.45, 0.45


def idle_controls(num_frames, fps, seed=0, speech=None, mood="neutral"):
    """Controls `(num_frames, 62)` of somebody who is there, calm and awake.

    The same seed gives the same performance at any fps; a shorter one is the
    beginning of a longer one.

    Args:
        fps: Frames a second.
        seed: Picks one of endlessly many performances.
        speech: A `Speech` that starts with the first frame; then nods and brows go
            with its stresses, blinks and nods with its pauses.
        mood: One of `moods.json`.
    """
    # A person is made of the parts in this file.
    from keras_anchor.drive.person import Person

    person = Person(seed, mood)
    if speech:
        person.hear(speech, 0.0)
    return person.controls((np.arange(num_frames) + 0.5) / fps)


class Drift:
    """Smooth noise of about unit size: sines of random pace and phase.

    Call arguments:
        times: `(num_times,)` seconds.
    """

    def __init__(self, rng, hertz):
        self.paces = 2.0 * np.pi * rng.uniform(*hertz, size=6)
        self.phases = rng.uniform(0.0, 2.0 * np.pi, size=6)

    def __call__(self, times):
        waves = np.sin(np.outer(self.paces, times) + self.phases[:, None])
        return waves.sum(0) / np.sqrt(3.0)


class Blinks:
    """When blinks start: log-normal intervals, drawn to the pauses of speech.

    Call arguments:
        times: `(num_times,)` seconds, never earlier than those asked for before.
        mood_at: Seconds to `Mood`.
        spoken: `[(start, end), ...]` of speech, pauses: seconds at which it pauses.

    Returns:
        How far the lids are shut, `[0, 1]`.
    """

    def __init__(self, rng, seconds):
        self.rng = rng
        self.starts = [rng.uniform(0.6, seconds)]

    def __call__(self, times, mood_at, spoken=(), pauses=()):
        while self.starts[-1] < times[-1]:
            last = self.starts[-1]
            median = mood_at(last).numbers["blink_seconds"]
            if any(start <= last < end for start, end in spoken):
                median *= READING
            self.starts.append(last + self.wait(last, median, pauses))
        lids = shut_lids(times, self.starts)
        self.starts = [s for s in self.starts[:-1] if s + 5.0 > times[0]] + [
            self.starts[-1]
        ]
        return lids

    def wait(self, time, median, pauses):
        wait = self.rng.lognormal(np.log(median), BLINK_SPREAD)
        is_double, is_eager = self.rng.random(2) < (0.06, 0.6)
        if is_double:
            return 0.42
        wait = max(BLINK_LEAST, wait)
        near = [p - time for p in pauses if p - time > BLINK_LEAST]
        near = [pause for pause in near if abs(pause - wait) < 1.0]
        if near and is_eager:
            wait = min(near, key=lambda pause: abs(pause - wait)) + 0.08
        return wait


def shut_lids(times, starts):
    """How far blinks that start at `starts` shut the lids at `times`."""
    close, hold, open_ = BLINK
    lids = np.zeros(len(times))
    for start in starts:
        near = slice(*np.searchsorted(times, [start, start + sum(BLINK)]))
        since = times[near] - start
        opening = smoothstep((since - close - hold) / open_)
        shut = smoothstep(since / close) * (1.0 - opening)
        lids[near] = np.maximum(lids[near], shut)
    return lids


class Glances:
    """Small saccades about the camera.

    Call arguments:
        times: `(num_times,)` seconds, never earlier than those asked for before.

    Returns:
        `(num_times, 2)` right and up in the picture, radians.
    """

    def __init__(self, rng):
        self.rng = rng
        self.points = [(-np.inf, 0.0, 0.0), (rng.uniform(0.7, 2.4), *self.pick())]

    def pick(self):
        spread = 0.022 if self.rng.random() < 0.85 else 0.05
        return np.clip(self.rng.normal(0.0, [spread, 0.6 * spread]), -0.06, 0.06)

    def __call__(self, times):
        while self.points[-1][0] < times[-1]:
            start = self.points[-1][0] + self.rng.uniform(0.7, 2.4)
            self.points.append((start, *self.pick()))
        starts = np.array([point[0] for point in self.points])
        places = np.array([point[1:] for point in self.points])
        after = np.maximum(np.searchsorted(starts, times, "right") - 1, 1)
        progress = smoothstep((times - starts[after]) / SACCADE)[:, None]
        before = places[after - 1]
        num_past = int((starts < times[0] - 5.0).sum())
        self.points = self.points[max(0, num_past - 2) :]
        return before + progress * (places[after] - before)


class Looks:
    """Looks away from the camera and back: eyes first, the head after them.

    Call arguments:
        times: `(num_times,)` seconds.

    Returns:
        Gaze and head, each `(num_times, 2)` right and up in the picture, radians.
    """

    def __init__(self):
        self.starts = []

    def add(self, seconds, place):
        """A look to `(right, up)`; it returns, unless it is at the camera already."""
        self.starts.append((seconds, place))
        self.starts.sort(key=lambda look: look[0])

    def forget(self, seconds):
        self.starts = [look for look in self.starts if look[0] <= seconds]

    def list_turns(self):
        """`[(seconds, place), ...]`, returns to the camera among them."""
        turns = []
        ends = [*(start for start, _ in self.starts[1:]), np.inf]
        for (start, place), end in zip(self.starts, ends, strict=False):
            turns.append((start, place))
            if any(place) and start + LOOK_SECONDS < end:
                turns.append((start + LOOK_SECONDS, (0.0, 0.0)))
        return turns

    def __call__(self, times):
        gaze, head = np.zeros((len(times), 2)), np.zeros((len(times), 2))
        before = np.zeros(2)
        for start, place in self.list_turns():
            step = np.subtract(place, before)
            eyes = smoothstep((times - start) / LOOK_SACCADE)
            neck = smoothstep((times - start - HEAD_LAG) / HEAD_SECONDS)
            gaze += np.outer(eyes, step)
            head += HEAD_SHARE * np.outer(neck, step)
            before = np.array(place)
        # What is over long ago has led back to the camera.
        is_over = times[0] - 5.0 - LOOK_SECONDS
        if self.starts and self.starts[-1][0] < is_over:
            self.starts = []
        return gaze, head


def bump(times, peak, rise, fall):
    """0 to 1 and back, `rise` seconds before `peak` to `fall` seconds after."""
    return smoothstep((times - peak + rise) / rise) * (
        1.0 - smoothstep((times - peak) / fall)
    )


def breathe(breaths):
    """-1 out, 1 in; breathing in takes two fifths of each breath."""
    phase = breaths % 1.0
    return np.where(
        phase < 0.4,
        -np.cos(np.pi * phase / 0.4),
        np.cos(np.pi * (phase - 0.4) / 0.6),
    )


def turn_eyes(values, right, up, limit):
    """Sets the controls of eyes that are turned in the head, radians in the picture."""
    right = np.clip(right / GAZE_RANGE, -limit, limit)
    up = np.clip(up / GAZE_RANGE, -limit, limit)
    # The anchor's left is the picture's right.
    values["eyeLookOutLeft"] = values["eyeLookInRight"] = np.maximum(right, 0.0)
    values["eyeLookInLeft"] = values["eyeLookOutRight"] = np.maximum(-right, 0.0)
    for side in ("Left", "Right"):
        values[f"eyeLookUp{side}"] = np.maximum(up, 0.0)
        values[f"eyeLookDown{side}"] = np.maximum(-up, 0.0)
