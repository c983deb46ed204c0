"""When each part of a text is heard."""

import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise

import numpy as np

from keras_anchor.scene.caption_alignment import Mark, align

# Seconds that a character takes to say: a Chinese one is a syllable, a digit a word.
LETTER, SYLLABLE, DIGIT, SIGN = 0.07, 0.2, 0.28, 0.25
# Of the pauses after what ends with a piece, where only the length is known.
PAUSES = {"end": 0.4, "pause": 0.2, "": 0.0}
# How surely there is a silence, `LONG_SILENCE` or more being 1.
IMPORTANCE = {"end": 1.0, "pause": 0.5}
# A silence this long, in seconds, may part phrases; one of `LONG_SILENCE` surely does.
SILENCE, LONG_SILENCE = 0.09, 0.35


def weigh(text):
    """About how many seconds a text takes to say, pauses apart."""
    return sum(weigh_character(character) for character in text)


def weigh_character(character):
    category = unicodedata.category(character)
    if category[0] == "N":
        return DIGIT
    if category[0] == "L":
        is_wide = unicodedata.east_asian_width(character) in "WF"
        return SYLLABLE if is_wide else LETTER
    return SIGN if category == "Sc" or character in "%‰°+=@&" else 0.0


class Clock:
    """Times of a text's pieces in its speech.

    Args:
        pieces: Parts of the text.
        breaks: What ends with each: `end`, `pause` or ``.
        timing: Phonemes or seconds, as in `make_captions`.

    Attributes:
        starts, ends: Seconds, one of each a piece, never falling.
    """

    def __init__(self, pieces, breaks, timing):
        weights = [weigh(piece) for piece in pieces]
        if isinstance(timing, (int, float)):
            self.share_out(weights, [PAUSES[mark] for mark in breaks], float(timing))
        else:
            self.follow(weights, breaks, list(timing))

    def share_out(self, weights, pauses, seconds):
        """Shares seconds out by weight; what follows the last piece is no pause."""
        pauses = [*pauses[:-1], 0.0]
        pace = seconds / (sum(weights) + sum(pauses))
        self.starts, self.ends, now = [], [], 0.0
        for weight, pause in zip(weights, pauses, strict=True):
            self.starts.append(now)
            self.ends.append(now + pace * weight)
            now += pace * (weight + pause)

    def follow(self, weights, breaks, phonemes):
        """Follows the voice: where phrases end, there mostly is a silence."""
        voiced = [p for p in phonemes if p.symbol] or phonemes
        # Seconds of voice before each sound, and at the end.
        spoken = [0.0]
        for phoneme in voiced:
            spoken.append(spoken[-1] + phoneme.end - phoneme.start)
        gaps = [
            Mark(seconds, min((after.start - before.end) / LONG_SILENCE, 1.0))
            for seconds, (before, after) in zip(
                spoken[1:-1], pairwise(voiced), strict=True
            )
            if after.start - before.end >= SILENCE
        ]
        pace = spoken[-1] / sum(weights)
        said = [pace * weight for weight in accumulate(weights)]
        ends = [
            (index, Mark(said[index], IMPORTANCE[mark]))
            for index, mark in enumerate(breaks[:-1])
            if mark
        ]
        known = align([mark for _, mark in ends], gaps, spoken[-1])
        # What was written by then, and heard.
        points = [(0.0, 0.0), (said[-1], spoken[-1])]
        points[1:1] = [(ends[i][1].seconds, gaps[j].seconds) for i, j in known]
        heard = np.interp(said, *zip(*points, strict=True)).tolist()
        self.starts = [find_start(s, voiced, spoken) for s in [0.0, *heard[:-1]]]
        self.ends = [find_end(s, voiced, spoken) for s in heard]


def find_start(done, voiced, spoken):
    """When the sound begins that comes after so many seconds of voice."""
    index = min(bisect_right(spoken, done + 1e-6), len(voiced)) - 1
    return voiced[index].start + max(done - spoken[index], 0.0)


def find_end(done, voiced, spoken):
    """When so many seconds of voice are over."""
    index = max(bisect_left(spoken, done - 1e-6), 1) - 1
    return voiced[index].start + done - spoken[index]
