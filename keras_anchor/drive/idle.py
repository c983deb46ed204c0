"""What a newsreader does besides speaking: blinks, gaze, breath, sway, nods, brows."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.visemes import LONG_SILENCE, smoothstep

# Seconds a lid takes to shut, stays shut (a frame, so that one shows it), and takes to
# open: half as fast as it shut.
BLINK = 0.08, 0.04, 0.16
BLINK_MEDIAN, BLINK_SPREAD, BLINK_LEAST = 3.6, 0.45, 1.2
# How far the eyes turn at a gaze control of 1, in radians.
GAZE_RANGE = 0.35
GAZE_LIMIT = 0.35
BREATHS_PER_SECOND = 0.25
# Largest angles in radians, and how much of it is slow sway.
HEAD_LIMITS = {"headYaw": 0.10, "headPitch": 0.06, "headRoll": 0.04}
SWAY = {"headYaw": 0.030, "headPitch": 0.013, "headRoll": 0.012}
# Slow components of all sway, and how much livelier the head is while speaking.
SLOW_HERTZ, FAST_HERTZ, SPEAKING_SHARE = (0.05, 0.30), (0.4, 1.1), 0.45
BEAT_SECONDS = 1.4


def idle_controls(num_frames, fps, seed=0, speech=None):
    """Controls `(num_frames, 62)` of somebody who is there, calm and awake.

    The same seed gives the same performance at any fps; a shorter one is the
    beginning of a longer one.

    Args:
        fps: Frames a second.
        seed: Picks one of endlessly many performances.
        speech: A `Speech` that starts with the first frame; then nods and brows go
            with its stresses, blinks and nods with its pauses.
    """
    times = (np.arange(num_frames) + 0.5) / fps
    streams = np.random.SeedSequence(seed).spawn(6)
    sway, blink, gaze, brow, beat, smile = map(np.random.default_rng, streams)
    values = dict.fromkeys(ctl.NAMES, 0.0)
    values["breath"] = breathe(times)
    beats, pauses = find_beats(speech) if speech else ([], [])
    speaking = measure_energy(speech, times) if speech else np.zeros(num_frames)
    for name, amount in SWAY.items():
        values[name] = amount * drift(times, sway, SLOW_HERTZ)
        fast = SPEAKING_SHARE * amount * drift(times, sway, FAST_HERTZ)
        values[name] = values[name] + speaking * fast
    values["torsoX"] = 0.004 * drift(times, sway, SLOW_HERTZ)
    values["torsoRoll"] = 0.006 * drift(times, sway, SLOW_HERTZ)
    values["torsoY"] = -0.002 * values["breath"]
    values["headX"] = 0.6 * values["torsoX"] + 0.003 * drift(times, sway, SLOW_HERTZ)
    values["headY"] = -0.0015 * values["breath"]
    raised = 0.03 + 0.03 * drift(times, brow, SLOW_HERTZ)
    for seconds in beats:
        strength = beat.uniform(0.4, 1.0)
        values["headPitch"] = values["headPitch"] - 0.026 * strength * bump(
            times, seconds + 0.04, 0.16, 0.30
        )
        if beat.random() < 0.55:
            raised = raised + 0.28 * strength * bump(times, seconds - 0.04, 0.18, 0.42)
    for seconds in pauses:
        values["headPitch"] = values["headPitch"] - 0.020 * beat.uniform(0.5, 1.0) * (
            bump(times, seconds, 0.35, 0.6)
        )
    for name, limit in HEAD_LIMITS.items():
        values[name] = limit * np.tanh(values[name] / limit)
    raised = np.clip(raised, 0.0, 0.5)
    values["browInnerUp"] = 0.8 * raised
    values["browOuterUpLeft"], values["browOuterUpRight"] = 0.75 * raised, 0.65 * raised
    pleasant = np.clip(0.07 + 0.03 * drift(times, smile, SLOW_HERTZ), 0.0, 0.15)
    values["mouthSmileLeft"], values["mouthSmileRight"] = pleasant, 0.9 * pleasant
    look(values, *wander(times, gaze), values["headYaw"], values["headPitch"])
    lids = shut_lids(times, blink, pauses)
    for side in ("Left", "Right"):
        # A lid rests on the eye: it sinks with a glance down.
        rest = 0.3 * values[f"eyeLookDown{side}"]
        values[f"eyeBlink{side}"] = rest + (1.0 - rest) * lids
        values[f"eyeWide{side}"] = 0.3 * values[f"eyeLookUp{side}"] * (1.0 - lids)
    columns = [np.broadcast_to(values[name], num_frames) for name in ctl.NAMES]
    return ctl.clip(np.stack(columns, 1))


def drift(times, rng, hertz):
    """Smooth noise of about unit size: sines of random pace and phase."""
    paces = rng.uniform(*hertz, size=6)
    phases = rng.uniform(0.0, 2.0 * np.pi, size=6)
    waves = np.sin(2.0 * np.pi * np.outer(paces, times) + phases[:, None])
    return waves.sum(0) / np.sqrt(3.0)


def bump(times, peak, rise, fall):
    """0 to 1 and back, `rise` seconds before `peak` to `fall` seconds after."""
    return smoothstep((times - peak + rise) / rise) * (
        1.0 - smoothstep((times - peak) / fall)
    )


def breathe(times):
    """-1 out, 1 in; breathing in takes two fifths of the time."""
    phase = times * BREATHS_PER_SECOND % 1.0
    return np.where(
        phase < 0.4,
        -np.cos(np.pi * phase / 0.4),
        np.cos(np.pi * (phase - 0.4) / 0.6),
    )


def wander(times, rng):
    """Small saccades about the camera: `(right, up)` in radians, in the frame."""
    points, seconds = [(0.0, 0.0, 0.0)], rng.uniform(0.7, 2.4)
    while seconds < times[-1]:
        spread = 0.022 if rng.random() < 0.85 else 0.05
        right, up = np.clip(rng.normal(0.0, [spread, 0.6 * spread]), -0.06, 0.06)
        points.append((seconds, right, up))
        seconds += rng.uniform(0.7, 2.4)
    right, up = np.zeros(len(times)), np.zeros(len(times))
    for (_, *before), (start, *after) in zip(points, points[1:], strict=False):
        # Saccades this small take about 40 ms.
        progress = smoothstep((times - start) / 0.04)
        right += progress * (after[0] - before[0])
        up += progress * (after[1] - before[1])
    return right, up


def look(values, right, up, yaw, pitch):
    """Sets gaze controls so that the eyes stay on the camera while the head turns.

    Args:
        right, up: Where the eyes look, off the camera, in radians in the frame.
        yaw, pitch: The head's; the eyes turn against it (vestibulo-ocular reflex).
    """
    right = np.clip((right - yaw) / GAZE_RANGE, -GAZE_LIMIT, GAZE_LIMIT)
    up = np.clip((up - pitch) / GAZE_RANGE, -GAZE_LIMIT, GAZE_LIMIT)
    # The anchor's left is the image's right.
    values["eyeLookOutLeft"] = values["eyeLookInRight"] = np.maximum(right, 0.0)
    values["eyeLookInLeft"] = values["eyeLookOutRight"] = np.maximum(-right, 0.0)
    for side in ("Left", "Right"):
        values[f"eyeLookUp{side}"] = np.maximum(up, 0.0)
        values[f"eyeLookDown{side}"] = np.maximum(-up, 0.0)


def shut_lids(times, rng, pauses):
    """How far blinks shut the lids, `[0, 1]`."""
    close, hold, open_ = BLINK
    lids = np.zeros(len(times))
    for start in find_blinks(times[-1], rng, pauses):
        closing = smoothstep((times - start) / close)
        opening = smoothstep((times - start - close - hold) / open_)
        lids = np.maximum(lids, closing * (1.0 - opening))
    return lids


def find_blinks(seconds, rng, pauses):
    """When blinks start: log-normal intervals, drawn to the pauses of speech."""
    starts, time = [], rng.uniform(0.6, BLINK_MEDIAN)
    while time < seconds:
        starts.append(time)
        wait = rng.lognormal(np.log(BLINK_MEDIAN), BLINK_SPREAD)
        is_double, eagerness = rng.random(2) < (0.06, 0.6)
        wait = 0.42 if is_double else max(BLINK_LEAST, wait)
        near = [
            p for p in pauses if p - time > BLINK_LEAST and abs(p - time - wait) < 1
        ]
        if near and eagerness and not is_double:
            wait = min(near, key=lambda p: abs(p - time - wait)) + 0.08 - time
        time += wait
    return starts


def measure_energy(speech, times):
    """How lively the voice is at `times`, `[0, 1]`, over about half a second."""
    size = round(0.05 * speech.sample_rate)
    blocks = np.pad(speech.sound, (0, -len(speech.sound) % size)).reshape(-1, size)
    loudness = np.sqrt(np.mean(blocks**2, axis=1))
    window = np.hanning(13) / np.hanning(13).sum()
    loudness = np.convolve(loudness, window, mode="same")
    loudness /= max(loudness.max(), 1e-6)
    return np.interp(times, (np.arange(len(loudness)) + 0.5) * 0.05, loudness)


def find_beats(speech):
    """When a speaker would nod: `(stresses, pauses)` in seconds.

    Stresses are the loudest stressed sounds, not closer than `BEAT_SECONDS`, for in
    Mandarin nearly every syllable counts as stressed.
    """
    candidates = []
    for phoneme in speech.phonemes:
        if phoneme.symbol.startswith("ˈ"):
            edges = phoneme.start, phoneme.end
            span = slice(*(int(t * speech.sample_rate) for t in edges))
            energy = float(np.sum(speech.sound[span] ** 2))
            candidates.append((energy, (phoneme.start + phoneme.end) / 2.0))
    beats = []
    for _, seconds in sorted(candidates, reverse=True):
        if all(abs(seconds - other) >= BEAT_SECONDS for other in beats):
            beats.append(seconds)
    spoken = [p for p in speech.phonemes if p.symbol]
    first = spoken[0].start if spoken else 0.0
    pauses = [
        p.start
        for p in speech.phonemes
        if not p.symbol and p.end - p.start > LONG_SILENCE and p.start > first
    ]
    return sorted(beats), pauses
