"""Finds the phonemes of a text in a recording, by what another voice makes of it."""

import numpy as np

from keras_anchor.drive.speech import Phoneme, merge_silences, resample
from keras_anchor.drive.voices import hearing
from keras_anchor.drive.voices.warping import stretch, warp_long

SECONDS = hearing.HOP / hearing.SAMPLE_RATE
# How much faster than the other voice a speaker may be.
SLOWEST, FASTEST = 0.4, 2.5
# In frames: a sound that the path passed by was there all the same.
SHORTEST = 2
# How far the reference takes on the sounds of the speaker, and as how many frames of
# the speaker's each of its own sounds counts. Against the durations of another network
# this took the worst tenth of the borders from 130 ms to 60 ms.
IMITATION, PRIOR = 0.85, 4.0


class Misfit(ValueError):
    """The words take far more or less time than the sound has."""


def align(sound, references):
    """The phonemes of another voice, moved to where the sound has them.

    Args:
        sound: `(num_samples,)` at `hearing.SAMPLE_RATE`; somebody speaks in it.
        references: `Speech` of the same words, one after the other.

    Returns:
        Phonemes that fill the sound, and how alike both are: 1 for the same sound,
        about 0.2 for the same words of another speaker, below 0 for others.

    Raises:
        Misfit: If the words take far more or less time than the sound has.
    """
    bands = hearing.measure_bands(sound)
    is_speech = ~hearing.find_pauses(bands)
    features = hearing.describe(bands, is_speech)[is_speech]
    other, starts, symbols = describe_references(references)
    pace = len(other) / len(features)
    if not SLOWEST <= pace <= FASTEST:
        raise Misfit(
            f"somebody speaks for {len(features) * SECONDS:.1f} s, and the text takes "
            f"about {len(other) * SECONDS:.1f} s"
        )
    other = stretch(other, len(features))
    starts = np.array(starts) / pace
    path = warp_long(features, other)
    likeness = measure_likeness(features, other, path)
    kinds = number_thirds(starts, symbols, len(other))
    for _ in range(2):
        path = warp_long(features, imitate(features, other, kinds, path))
    starts = np.searchsorted(path, starts)
    return place(starts, symbols, is_speech, len(sound)), likeness


def number_thirds(starts, symbols, num_frames):
    """A number for each frame: the same in the same third of the same phonemes."""
    names = [symbol.lstrip("ˈˌ") for symbol in symbols]
    numbers = {name: index for index, name in enumerate(dict.fromkeys(names))}
    numbers = np.array([numbers[name] for name in names])
    frames = np.arange(num_frames)
    owner = np.maximum(np.searchsorted(starts, frames, side="right") - 1, 0)
    sizes = np.maximum(np.diff([*starts, num_frames]), 1.0)
    thirds = np.clip(3.0 * (frames - starts[owner]) / sizes[owner], 0, 2).astype(int)
    return 3 * numbers[owner] + thirds


def imitate(features, reference, kinds, path):
    """The reference as if the speaker of the recording had spoken it.

    Args:
        kinds: What each frame of the reference is; see `number_thirds`.
        path: Where each frame of the recording lies in the reference, roughly.
    """
    heard, num_kinds = kinds[path], kinds.max() + 1
    own = add_up(reference, kinds, num_kinds)
    own /= np.maximum(np.bincount(kinds), 1)[:, None]
    counts = np.bincount(heard, minlength=num_kinds)[:, None]
    # Rare sounds stay close to how the reference has them.
    means = (add_up(features, heard, num_kinds) + PRIOR * own) / (counts + PRIOR)
    mixed = (1.0 - IMITATION) * reference + IMITATION * means[kinds]
    return mixed.astype("float32")


def add_up(values, kinds, num_kinds):
    sums = np.zeros((num_kinds, values.shape[1]))
    np.add.at(sums, kinds, values)
    return sums


def measure_likeness(features, reference, path):
    """How features go together along a path, less how often the path had to bend."""
    first, second = features[:, :6], reference[path][:, :6]
    first, second = first - first.mean(0), second - second.mean(0)
    sizes = np.linalg.norm(first, axis=0) * np.linalg.norm(second, axis=0) + 1e-6
    correlation = np.mean(np.sum(first * second, axis=0) / sizes)
    return float(correlation - np.mean(np.diff(path) != 1))


def describe_references(references):
    """Features of speeches without their pauses, starts in frames, and symbols."""
    bands, starts, symbols, num_frames = [], [], [], 0
    for speech in references:
        sound = resample(speech.sound, speech.sample_rate, hearing.SAMPLE_RATE)
        part = hearing.measure_bands(sound)
        times = np.arange(len(part)) * SECONDS
        is_kept = np.ones(len(part), bool)
        for phoneme in speech.phonemes:
            if not phoneme.symbol:
                is_kept[(times >= phoneme.start) & (times < phoneme.end)] = False
        kept = num_frames + np.cumsum(np.r_[0, is_kept])
        for phoneme in speech.phonemes:
            if phoneme.symbol:
                frame = round(phoneme.start / SECONDS)
                starts.append(kept[min(frame, len(part) - 1)])
                symbols.append(phoneme.symbol)
        bands.append(part[is_kept])
        num_frames += len(bands[-1])
    bands = np.concatenate(bands)
    return hearing.describe(bands, np.ones(len(bands), bool)), starts, symbols


def place(starts, symbols, is_speech, num_samples):
    """Phonemes between the pauses.

    Args:
        starts: Of each phoneme, counted in frames of speech.
        is_speech: `(num_frames,)`.
    """
    frames = np.flatnonzero(is_speech)
    spoken = np.cumsum(np.r_[0, is_speech])
    edges = np.flatnonzero(np.diff(np.r_[False, ~is_speech, False])).reshape(-1, 2)
    # One more, for the end of the last one.
    starts = np.maximum.accumulate([0, *starts[1:], len(frames)])
    pauses = {}
    for begin, end in edges:
        # A pause lies between two phonemes, where a border is nearest.
        nearest = int(np.abs(starts - spoken[begin]).argmin())
        starts[nearest] = spoken[begin]
        first = min(begin, pauses.get(nearest, (begin, end))[0])
        pauses[nearest] = (first, end)
    starts = spread(starts, [0, *sorted(pauses), len(symbols)])
    times = np.r_[frames, frames[-1] + 1][starts] * SECONDS
    phonemes = []
    for index, (symbol, begin, end) in enumerate(
        zip([*symbols, ""], times, [*times[1:], 0.0], strict=True)
    ):
        if index in pauses:
            first, last = (frame * SECONDS for frame in pauses[index])
            phonemes.append(Phoneme(first, last, ""))
            begin = last
        if index + 1 in pauses:
            end = pauses[index + 1][0] * SECONDS
        if symbol and end > begin:
            phonemes.append(Phoneme(float(begin), float(end), symbol))
    seconds = num_samples / hearing.SAMPLE_RATE
    last = phonemes.pop()
    phonemes.append(Phoneme(float(last.start), seconds, last.symbol))
    return merge_silences(phonemes)


def spread(starts, fixed):
    """Starts at least `SHORTEST` apart where there is room, or else evenly.

    Args:
        fixed: Indices of starts that stay.
    """
    starts = np.array(starts)
    for first, last in zip(fixed, fixed[1:], strict=False):
        count, room = last - first, starts[last] - starts[first]
        if room < SHORTEST * count:
            starts[first:last] = starts[first] + np.arange(count) * room // max(
                count, 1
            )
            continue
        for index in range(first + 1, last):
            earliest = starts[index - 1] + SHORTEST
            latest = starts[last] - SHORTEST * (last - index)
            starts[index] = np.clip(starts[index], earliest, latest)
    return starts
