"""Phonemes to mouth controls: shapes that melt into each other, lips that do meet."""

import functools

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.moods import smoothstep
from keras_anchor.drive.viseme_table import REST, VisemeTable

ROUND = ("mouthFunnel", "mouthPucker")
# What parts the lips.
OPENING = [
    index
    for name, index in ctl.INDEX.items()
    if name.startswith(("jawOpen", "mouthLowerDown", "mouthUpperUp"))
]
# Seconds by which a sound's influence reaches beyond its own middle half, before and
# after: rounding is prepared long ahead ("too" is round from its t on).
REACH = {"jaw": (0.01, 0.01), "round": (0.10, 0.05), "lips": (0.04, 0.03)}
# Standard deviations in seconds of the smoothing that stands for the mass of jaw and
# lips. It bounds the jaw's speed: a step of s moves at most s / (2.5 * 0.024) a second.
INERTIA = {"jaw": 0.024, "round": 0.035, "lips": 0.02}
GRID_FPS = 200
# How far the jaw opens for syllables with stress, some, and none. In Mandarin a full
# tone is what stress is elsewhere.
STRESSES = {"ˈ": 1.0, "ˌ": 0.9}
UNSTRESSED = 0.8
TONES = frozenset("→↗↓↘˥˦˧˨˩")
# Silences longer than this shut the mouth; within `SHUT_SECONDS` at either side.
LONG_SILENCE = 0.2
SHUT_SECONDS = 0.1
SEAL_SECONDS = 0.07


def mouth_controls(phonemes, num_frames, fps, openness=1.0, table=None):
    """Mouth controls `(num_frames, 62)`; a frame shows the middle of its time.

    Sounds blend by dominance functions: each pulls the mouth toward its shape, most
    at its own time, and as strongly as the shape matters to the sound.

    Args:
        phonemes: What `speak` returns in `Speech.phonemes`.
        openness: Scales how far jaw and lips open, one number or `(num_frames,)`;
            1 is a newsreader.
        table: A `VisemeTable`; by default the package's own.

    Reference: Cohen and Massaro, "Modeling coarticulation in synthetic visual
    speech", 1993, equations 1 to 4, with a Gaussian for the exponential.
    """
    table = table or load_table()
    segments = split_phonemes(phonemes, table)
    times = (np.arange(num_frames) + 0.5) / fps
    if not segments:
        return np.tile(ctl.NEUTRAL, (num_frames, 1))
    controls = blend(segments, times, table)
    controls[:, OPENING] *= np.reshape(openness, (-1, 1))
    seal_lips(controls, segments, times, fps, table)
    controls *= measure_speaking(phonemes, times)[:, None]
    return ctl.clip(controls)


@functools.lru_cache(maxsize=1)
def load_table():
    """The package's own `VisemeTable`."""
    return VisemeTable()


@functools.lru_cache(maxsize=1)
def find_groups():
    """Columns of controls for each group; everything else about a mouth is lips."""
    jaw = [ctl.INDEX[name] for name in ("jawOpen", "jawForward")]
    rounding = [ctl.INDEX[name] for name in ROUND]
    lips = [
        index
        for name, index in ctl.INDEX.items()
        if name.startswith(("mouth", "cheek", "tongue")) and index not in rounding
    ]
    return {"jaw": jaw, "round": rounding, "lips": lips}


def split_phonemes(phonemes, table):
    """`[(start, end, viseme, stress), ...]`: diphthongs and affricates in parts."""
    segments = []
    for phoneme in phonemes:
        names = table.split(phoneme.symbol) if phoneme.symbol else [REST]
        if not names:
            continue
        # The more open part of a diphthong lasts longer.
        shares = [1.0 + 3.0 * table.shapes[n][ctl.INDEX["jawOpen"]] for n in names]
        edges = np.cumsum([0.0, *shares]) / sum(shares)
        edges = phoneme.start + edges * (phoneme.end - phoneme.start)
        stress = measure_stress(phoneme.symbol)
        segments += [
            (start, end, name, stress)
            for start, end, name in zip(edges, edges[1:], names, strict=False)
        ]
    return segments


def measure_stress(symbol):
    """How far the jaw opens for a phoneme, by its marks of stress and tone."""
    if TONES.intersection(symbol):
        return 1.0
    return STRESSES.get(symbol[:1], UNSTRESSED)


def blend(segments, times, table):
    """Dominance-weighted means of shapes, smoothed, at `times`."""
    end = max(times[-1], segments[-1][1]) + 0.5
    grid = np.arange(-0.5, end, 1.0 / GRID_FPS)
    controls = np.tile(ctl.NEUTRAL, (len(times), 1))
    for group, columns in find_groups().items():
        before, after = REACH[group]
        total = np.full(len(grid), 1e-6)
        shape = np.zeros((len(grid), len(columns)))
        for start, stop, name, stress in segments:
            middle, half = (start + stop) / 2.0, (stop - start) / 2.0
            first, last = np.searchsorted(grid, [start - 0.4, stop + 0.4])
            distance = grid[first:last] - middle
            reach = half + np.where(distance < 0, before, after)
            strength = table.dominances[name][group]
            if name == REST:
                strength *= min(1.0, half / 0.075)
            dominance = strength * np.exp(-((distance / reach) ** 2))
            target = table.shapes[name][columns] * (stress if group == "jaw" else 1.0)
            total[first:last] += dominance
            shape[first:last] += dominance[:, None] * target
        shape = smooth(shape / total[:, None], INERTIA[group] * GRID_FPS)
        for column, values in zip(columns, shape.T, strict=True):
            controls[:, column] = np.interp(times, grid, values)
    return controls


def smooth(values, deviation):
    """Gaussian smoothing along the first axis; `deviation` in samples."""
    reach = int(np.ceil(4 * deviation))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    columns = [np.convolve(column, kernel, mode="valid") for column in padded.T]
    return np.stack(columns, 1)


def seal_lips(controls, segments, times, fps, table):
    """Makes lips meet (m, b, p), or lip and teeth (f, v), in at least one frame each.

    Whatever the jaw does, `mouthClose` as large as `jawOpen` shuts the lips. Lips
    that meet are done last, since they must not be opened again.
    """
    jaw, close = ctl.INDEX["jawOpen"], ctl.INDEX["mouthClose"]
    lips = [i for i in find_groups()["lips"] if i != close]
    sealed = [segment for segment in segments if table.seals[segment[2]] is not None]
    left_open = np.zeros(len(times))
    weights = np.zeros(len(times))
    for start, stop, name, _ in sorted(sealed, key=lambda s: -table.seals[s[2]]):
        frame = int(np.clip((start + stop) / 2.0 * fps, 0, len(times) - 1))
        inside = max(0.0, (stop - start) / 2.0 - SEAL_SECONDS / 2.0)
        reach = int((inside + SEAL_SECONDS) * fps) + 1
        near = slice(max(0, frame - reach), frame + reach + 1)
        distance = np.abs(times[near] - times[frame])
        weight = 1.0 - smoothstep((distance - inside) / SEAL_SECONDS)
        target = table.shapes[name][lips]
        shape = controls[near, lips]
        controls[near, lips] = shape + weight[:, None] * (target - shape)
        controls[near, ctl.INDEX["mouthFunnel"]] *= 1.0 - weight
        left_open[near] += weight * (table.seals[name] - left_open[near])
        weights[near] += weight * (1.0 - weights[near])
    controls[:, close] = weights * np.maximum(0.0, controls[:, jaw] - left_open)


def measure_speaking(phonemes, times):
    """1 while speaking, 0 in long silences, smooth between."""
    speaking = np.ones(len(times))
    last = phonemes[-1].end
    silences = [(p.start, p.end) for p in phonemes if not p.symbol]
    for start, end in [(-np.inf, phonemes[0].start), *silences, (last, np.inf)]:
        if end - start > LONG_SILENCE:
            is_first, is_last = start <= phonemes[0].start, end >= last
            begin = -np.inf if is_first else start
            finish = np.inf if is_last else end
            after = 1.0 - smoothstep((times - begin) / SHUT_SECONDS)
            before = smoothstep((times - finish + SHUT_SECONDS) / SHUT_SECONDS)
            speaking = np.minimum(speaking, np.maximum(after, before))
    return speaking
