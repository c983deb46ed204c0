"""Kokoro's durations as phonemes in espeak-ng's IPA."""

import numpy as np

from keras_anchor.drive.speech import Phoneme, merge_silences
from keras_anchor.drive.voices.kokoro_model import FRAME_SIZE, SAMPLE_RATE

# Kokoro's symbols that espeak-ng writes in another way.
IPA = {
    "A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "ᵊ": "ə",
    "ʤ": "dʒ", "ʧ": "tʃ", "ʨ": "tɕ", "ʦ": "ts", "ʣ": "dz", "ʥ": "dʑ", "ꭧ": "ts.",
    "ʂ": "s.", "ɻ": "z.", "ɨ": "i.", "T": "ɾ", "x": "χ",
}  # fmt: skip
BEFORE, AFTER = "ˈˌ", "ːʰʲ→↗↓↘\u0303"
PAUSES = ' ;:,.!?—…"()“”'
# Seconds by which the sound comes before the frames that it is planned for, measured:
# hissing and voiced phonemes go best with the energy above 5 kHz and below 1 kHz there.
LEAD = 0.06
# Quieter than this part of the speech's loudness, for so many seconds, is a pause.
QUIET, SHORTEST_PAUSE = 0.06, 0.05
BLOCK = SAMPLE_RATE // 200


def find_phonemes(sound, symbols, durations):
    """Phonemes that fill the sound.

    Args:
        sound: `(num_samples,)` at `SAMPLE_RATE`.
        symbols: What was spoken.
        durations: `(len(symbols) + 2,)` in frames, silence at both ends included.
    """
    edges = np.cumsum([0.0, *durations]) * FRAME_SIZE / SAMPLE_RATE
    edges[1:-1] = np.maximum(0.0, edges[1:-1] - LEAD)
    segments = [["", edges[0], edges[1]]]
    mark = ""
    for symbol, start, end in zip(symbols, edges[1:-2], edges[2:-1], strict=True):
        previous = segments[-1]
        if symbol in PAUSES:
            if previous[0]:
                segments.append(["", start, end])
            previous = segments[-1]
            previous[2] = end
        elif symbol in BEFORE:
            # Half of the time of a stress mark is the consonant's before it.
            middle = (start + end) / 2.0 if previous[0] else start
            previous[2], mark = middle, symbol
        elif symbol in AFTER:
            previous[2] = end
        else:
            name = mark + IPA.get(symbol, symbol)
            segments.append([name, previous[2], end])
            mark = ""
    segments.append(["", segments[-1][2], edges[-1]])
    return merge_silences(hear_pauses(sound, segments))


def hear_pauses(sound, segments):
    """Phonemes, with silence only where the sound is quiet."""
    size = len(sound) // BLOCK
    level = np.sqrt(np.mean(sound[: size * BLOCK].reshape(-1, BLOCK) ** 2, axis=1))
    threshold = QUIET * np.sqrt(np.mean(level[level > 0.05 * level.max()] ** 2))
    is_quiet = level < threshold
    seconds = BLOCK / SAMPLE_RATE
    for index, (symbol, start, end) in enumerate(segments):
        if symbol:
            continue
        is_first, is_last = index == 0, index == len(segments) - 1
        first, last = round(start / seconds), round(end / seconds)
        quiet = np.flatnonzero(is_quiet[first:last]) + first
        if is_first or is_last or len(quiet) * seconds >= SHORTEST_PAUSE:
            begin = quiet[0] * seconds if len(quiet) and not is_first else start
            finish = (quiet[-1] + 1) * seconds if len(quiet) and not is_last else end
            if not is_first:
                # The last sound before a pause is planned up to half a second long.
                block = min(round(begin / seconds), size)
                earliest = segments[index - 1][1] / seconds + 4
                while block > earliest and is_quiet[block - 1]:
                    block -= 1
                begin = min(begin, block * seconds)
        else:
            begin = finish = (start + end) / 2.0
        if not is_first:
            segments[index - 1][2] = begin
        if not is_last:
            segments[index + 1][1] = finish
        segments[index][1:] = begin, finish
    return [
        Phoneme(float(start), float(end), symbol)
        for symbol, start, end in segments
        if end > start
    ]
