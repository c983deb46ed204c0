"""Spoken sentences with known phonemes, roughened as rooms and microphones do it."""

import json
from pathlib import Path

import numpy as np

from keras_anchor.drive.listening.outputs import (
    DELAY,
    HOP,
    HOPS_PER_SECOND,
    SAMPLE_RATE,
    WINDOW,
    make_targets,
)
from keras_anchor.drive.speech import Phoneme

CROP_HOPS = 400
# Slowest and fastest playing, which moves pitch and formants as well.
PACES = 0.84, 1.2


def read_corpus(paths):
    """`[(sound, values, spoken), ...]` of `.npz` files that `write_corpus` wrote.

    Returns:
        Sound float32 at 16 kHz, and what `make_targets` says of it.
    """
    utterances = []
    for path in map(Path, paths):
        notes = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        with np.load(path) as sounds:
            for index, note in enumerate(notes):
                sound = sounds[f"arr_{index}"] / np.float32(32768)
                phonemes = [Phoneme(*entry) for entry in note["phonemes"]]
                num_hops = len(sound) // HOP
                utterances.append((sound, *make_targets(phonemes, num_hops)))
    return utterances


class Crops:
    """Random crops of roughened speech, endlessly.

    Args:
        utterances: What `read_corpus` returns.
        silence: Index of the viseme of silence.
        seed: Of everything random.

    Returns:
        On each call, windows `(CROP_HOPS, WINDOW)`, values `(CROP_HOPS, num_names)`
        and visemes `(CROP_HOPS,)`, the latter two delayed by `DELAY` hops.
    """

    def __init__(self, utterances, silence, seed=0):
        self.utterances, self.silence = utterances, silence
        self.rng = np.random.default_rng(seed)

    def __call__(self):
        sound, values, spoken = self.compose()
        sound = roughen(sound, self.rng, self.pick)
        values = np.pad(values, ((DELAY, 0), (0, 0)))[:CROP_HOPS]
        spoken = np.pad(spoken, (DELAY, 0), constant_values=self.silence)[:CROP_HOPS]
        return cut_windows(sound), values, spoken

    def pick(self):
        return self.utterances[self.rng.integers(len(self.utterances))][0]

    def compose(self):
        """Sentences and pauses, one after the other, from within the first one."""
        parts, num_hops = [], 0
        while num_hops < CROP_HOPS:
            if self.rng.random() < 0.6 or parts:
                pause = int(self.rng.gamma(2.0, 0.35) * HOPS_PER_SECOND)
                parts.append(self.silent(min(pause, CROP_HOPS)))
                num_hops += pause
            utterance = self.utterances[self.rng.integers(len(self.utterances))]
            part = play_at_pace(*utterance, self.rng.uniform(*PACES))
            if not parts:
                skipped = self.rng.integers(max(1, len(part[1]) - 50))
                part = part[0][skipped * HOP :], part[1][skipped:], part[2][skipped:]
            gain = 10 ** (self.rng.normal(0.0, 2.0) / 20)
            parts.append((part[0] * np.float32(gain), *part[1:]))
            num_hops += len(part[1])
        sound, values, spoken = map(np.concatenate, zip(*parts, strict=True))
        return sound[: CROP_HOPS * HOP], values[:CROP_HOPS], spoken[:CROP_HOPS]

    def silent(self, num_hops):
        return (
            np.zeros(num_hops * HOP, "float32"),
            np.zeros((num_hops, self.utterances[0][1].shape[1]), "float32"),
            np.full(num_hops, self.silence, "int32"),
        )


def cut_windows(sound):
    """Sound `(num_hops * HOP,)` to windows `(num_hops, WINDOW)`, each ending a hop."""
    sound = np.pad(sound, (WINDOW - HOP, 0)).astype("float32")
    return np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]


def play_at_pace(sound, values, spoken, pace):
    """An utterance played faster or slower, pitch and all."""
    num_hops = int(len(values) / pace)
    at = np.arange(num_hops * HOP) * pace
    sound = np.interp(at, np.arange(len(sound)), sound).astype("float32")
    hops = np.minimum((np.arange(num_hops) + 0.5) * pace, len(values) - 1).astype(int)
    return sound, values[hops], spoken[hops]


def roughen(sound, rng, pick):
    """Room, tone, noise, level and clipping, each now and then.

    Args:
        pick: Returns the sound of another sentence, for babble in the background.
    """
    size = len(sound)
    if rng.random() < 0.5:
        sound = reverberate(sound, rng)
    if rng.random() < 0.6:
        sound = colour(sound, rng)
    level = np.sqrt(np.mean(sound**2)) + 1e-6
    if rng.random() < 0.75:
        noise = make_noise(size, rng)
        sound = sound + noise * level * 10 ** (-rng.uniform(3, 45) / 20)
    if rng.random() < 0.2:
        babble = sum(np.resize(pick(), size) for _ in range(3))
        babble = babble / (np.sqrt(np.mean(babble**2)) + 1e-6)
        sound = sound + babble * level * 10 ** (-rng.uniform(8, 30) / 20)
    sound = sound * 10 ** (rng.normal(0.0, 8.0) / 20)
    if rng.random() < 0.1:
        sound = np.clip(sound, -0.2, 0.2) * rng.uniform(1.0, 4.0)
    return np.clip(sound, -1.0, 1.0).astype("float32")


def reverberate(sound, rng):
    """Noise that dies away stands for a room's impulse response."""
    seconds = rng.uniform(0.1, 0.7)
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    response = rng.standard_normal(len(times), "float32") * np.exp(
        -6.9 * times / seconds
    )
    response *= rng.uniform(0.05, 0.5) / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    return convolve(sound, response)


def colour(sound, rng):
    """A smooth random frequency response, at times a telephone's."""
    hertz = np.fft.rfftfreq(1024, 1 / SAMPLE_RATE)
    knots = rng.normal(0.0, 4.0, 8)
    decibels = np.interp(np.log(hertz + 60), np.linspace(4, 9.1, 8), knots)
    if rng.random() < 0.25:
        decibels -= 60.0 * (hertz > rng.uniform(3000, 7000))
    if rng.random() < 0.25:
        decibels -= 40.0 * (hertz < rng.uniform(80, 400))
    response = np.fft.irfft(10 ** (decibels / 20))
    window = np.hanning(1024)
    return convolve(sound, np.roll(response, 512) * window, delay=512)


def convolve(sound, response, delay=0):
    # Products of small primes transform fast.
    size = -(-(len(sound) + len(response)) // 4000) * 4000
    sound, response = sound.astype("float32"), response.astype("float32")
    product = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[delay : delay + len(sound)]


def make_noise(size, rng):
    """Noise of unit power, from white to brown, with hum at times, that may swell."""
    # A spectrum of independent numbers is one of noise.
    numbers = rng.standard_normal(size + 2, "float32")
    spectrum = numbers.view("complex64")
    hertz = np.arange(len(spectrum), dtype="float32")
    spectrum /= np.maximum(hertz, 20.0) ** np.float32(rng.uniform(0.0, 1.0))
    noise = np.fft.irfft(spectrum, size)
    if rng.random() < 0.3:
        times = np.arange(size, dtype="float32") / np.float32(SAMPLE_RATE)
        hertz = np.float32(rng.uniform(45, 400)) * np.arange(1, 6, dtype="float32")
        phases = rng.uniform(0, 6, (5, 1)).astype("float32")
        tones = np.sin(np.float32(2 * np.pi) * hertz[:, None] * times + phases)
        noise = noise + noise.std() * (rng.uniform(0, 1, (1, 5)) @ tones)[0]
    if rng.random() < 0.3:
        knots = rng.uniform(0.1, 2.0, 12)
        noise = noise * np.interp(np.arange(size), np.linspace(0, size, 12), knots)
    return noise / (noise.std() + 1e-9)
