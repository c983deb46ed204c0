"""When a speaker would nod, raise brows and blink, read off the speech."""

import numpy as np

from keras_anchor.drive.visemes import LONG_SILENCE, measure_stress

BEAT_SECONDS = 1.4
# A block of sound whose loudness is measured, and the share of the loudest below which
# nobody speaks.
BLOCK_SECONDS, QUIET = 0.05, 0.06


def measure_energy(speech):
    """How lively the voice is over about half a second: times, and values `[0, 1]`."""
    loudness = measure_levels(speech)
    times = (np.arange(len(loudness)) + 0.5) * BLOCK_SECONDS
    window = np.hanning(13) / np.hanning(13).sum()
    smooth = np.convolve(np.pad(loudness, 6), window, mode="valid")[: len(times)]
    return times, smooth / max(smooth.max(initial=0.0), 1e-6)


def measure_levels(speech):
    """Root mean squares of the blocks of a sound."""
    size = max(1, round(BLOCK_SECONDS * speech.sample_rate))
    sound = np.asarray(speech.sound, "float32")
    blocks = np.pad(sound, (0, -len(sound) % size)).reshape(-1, size)
    return np.sqrt(np.mean(blocks**2, axis=1))


def find_beats(speech):
    """When a speaker would nod: `(stresses, pauses)` in seconds.

    Stresses are the loudest stressed sounds, not closer than `BEAT_SECONDS`, for in
    Mandarin nearly every syllable counts as stressed. Where nobody knows the phonemes,
    they are the loudest moments.
    """
    candidates = list_stresses(speech) if speech.phonemes else list_peaks(speech)
    beats = []
    for _, seconds in sorted(candidates, reverse=True):
        if all(abs(seconds - other) >= BEAT_SECONDS for other in beats):
            beats.append(seconds)
    silences = find_silences(speech)
    pauses = [
        start for start, end in silences if end - start > LONG_SILENCE and start > 0.0
    ]
    return sorted(beats), pauses


def list_stresses(speech):
    """`[(energy, seconds), ...]` of stressed phonemes."""
    candidates = []
    for phoneme in speech.phonemes:
        if phoneme.symbol and measure_stress(phoneme.symbol) == 1.0:
            edges = phoneme.start, phoneme.end
            span = slice(*(int(t * speech.sample_rate) for t in edges))
            energy = float(np.sum(speech.sound[span] ** 2))
            candidates.append((energy, (phoneme.start + phoneme.end) / 2.0))
    return candidates


def list_peaks(speech):
    """`[(energy, seconds), ...]` of the moments that are louder than what is around."""
    times, energy = measure_energy(speech)
    if len(energy) < 3:
        return []
    is_peak = (energy[1:-1] >= energy[:-2]) & (energy[1:-1] > energy[2:])
    is_peak &= energy[1:-1] > 0.4
    return [(energy[i], times[i]) for i in np.flatnonzero(is_peak) + 1]


def find_silences(speech):
    """`[(start, end), ...]` in seconds, after the first sound."""
    if speech.phonemes:
        spoken = [p.start for p in speech.phonemes if p.symbol]
        first = spoken[0] if spoken else 0.0
        return [
            (p.start, p.end)
            for p in speech.phonemes
            if not p.symbol and p.start > first
        ]
    loudness = measure_levels(speech)
    is_quiet = loudness < QUIET * loudness.max(initial=1e-6)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_quiet, [0]])))
    spans = BLOCK_SECONDS * edges.reshape(-1, 2)
    return [(float(start), float(end)) for start, end in spans if start > 0.0]
