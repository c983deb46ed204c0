"""What a sound is like, every 10 ms, in numbers that little depend on who speaks."""

import numpy as np

SAMPLE_RATE, HOP, WINDOW = 16000, 160, 400
NUM_BANDS, NUM_CEPSTRA = 32, 13
LOWEST, HIGHEST = 80.0, 7000.0
BLOCK = 3000
# Seconds: shorter silences belong to sounds, as the closure of a p does.
SHORTEST_PAUSE = 0.12


def measure_bands(sound):
    """Log energies `(num_frames, NUM_BANDS)` of sound at `SAMPLE_RATE`.

    Frame i is about the moment `i * HOP`.
    """
    num_frames = len(sound) // HOP + 1
    padded = np.pad(sound, (WINDOW // 2, WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    filters, window = make_filters(), np.hanning(WINDOW).astype("float32")
    bands = np.empty((num_frames, NUM_BANDS), "float32")
    for first in range(0, num_frames, BLOCK):
        part = slice(first, min(first + BLOCK, num_frames))
        power = np.abs(np.fft.rfft(windows[part] * window, 512)) ** 2
        bands[part] = np.log(power @ filters + 1e-6)
    return bands


def make_filters():
    """Triangles `(257, NUM_BANDS)`, evenly spaced in mel."""
    edges = 700.0 * np.expm1(
        np.linspace(np.log1p(LOWEST / 700.0), np.log1p(HIGHEST / 700.0), NUM_BANDS + 2)
    )
    hertz = np.arange(257)[:, None] * SAMPLE_RATE / 512
    rising = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype("float32")


def find_pauses(bands):
    """Which frames `(num_frames,)` are pauses: quiet for `SHORTEST_PAUSE` or more."""
    level = bands.max(axis=1)
    quiet, loud = np.percentile(level, [5, 95])
    is_pause = level < quiet + 0.3 * (loud - quiet)
    if loud - quiet < 2.5:  # No pauses that could be told from speech.
        return np.zeros(len(level), bool)
    edges = np.flatnonzero(np.diff(np.r_[False, is_pause, False]))
    for start, end in edges.reshape(-1, 2):
        if (end - start) * HOP < SHORTEST_PAUSE * SAMPLE_RATE:
            is_pause[start:end] = False
    return is_pause


def describe(bands, is_speech):
    """Features `(num_frames, 2 * NUM_CEPSTRA)`: cepstra and how they change.

    Each has zero mean and unit variance over the speech, so that neither a microphone
    nor a voice is in them.
    """
    index = np.arange(NUM_BANDS)
    basis = np.cos(np.pi * np.outer(index + 0.5, np.arange(NUM_CEPSTRA)) / NUM_BANDS)
    # Nothing far below the speech matters, or a studio's silence would.
    floor = np.percentile(bands[is_speech], 95) - 9.0
    cepstra = np.maximum(bands, floor) @ basis
    padded = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    changes = 2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]
    features = np.concatenate([cepstra, changes], axis=1)
    speech = features[is_speech]
    return ((features - speech.mean(0)) / (speech.std(0) + 1e-3)).astype("float32")
