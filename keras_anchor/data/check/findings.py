"""What is right or wrong with a clip, in plain words."""

from dataclasses import dataclass, field

import numpy as np

STOP, WARNING, OK = "stop", "warning", "ok"
# So many places are named, and so many pictures shown.
MAX_PLACES, MAX_PICTURES = 4, 4


@dataclass
class Finding:
    """One thing that was checked.

    Args:
        key: Its name, such as `face_small`.
        severity: `stop` where the clip cannot be used, `warning` where it will cost
            quality, else `ok`.
        sentence: What is the matter and what to do.
        spans: `[(start, end), ...]` seconds where it occurs.
        pictures: The places among the looked-at pictures that show it, worst first.
        is_about_face: Whether a picture of the face alone shows it best.
    """

    key: str
    severity: str
    sentence: str
    spans: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    is_about_face: bool = False

    def to_dict(self):
        """What `check.json` says of it."""
        spans = [[round(float(time), 2) for time in span] for span in self.spans]
        return {
            "key": self.key,
            "severity": self.severity,
            "sentence": self.sentence,
            "spans": spans,
        }


def find_spans(seconds, mask, least_seconds=0.0):
    """Stretches `[(first, last), ...]` of the times where the mask holds.

    A stretch must last `least_seconds`, from its first time to the one after it.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask, [0]]).astype(int)))
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    spans = [(seconds[a], seconds[b - 1]) for a, b in edges.reshape(-1, 2)]
    return [span for span in spans if span[1] - span[0] + step >= least_seconds]


def keep_spans(seconds, mask, least_seconds):
    """The mask without its shorter stretches."""
    kept = np.zeros(len(mask), bool)
    for first, last in find_spans(seconds, mask, least_seconds):
        kept |= (seconds >= first) & (seconds <= last)
    return kept


def describe_spans(spans):
    """` (at 1.2, 3.0 to 4.5 s, and 7 more)`, or nothing."""
    if not spans:
        return ""
    longest = sorted(spans, key=lambda span: span[0] - span[1])[:MAX_PLACES]
    places = [
        f"{first:.1f} to {last:.1f}" if last - first >= 0.1 else f"{first:.1f}"
        for first, last in sorted(longest)
    ]
    more = len(spans) - len(places)
    if more:
        return f" (at {', '.join(places)} s, and {more} more)"
    last = f" and {places.pop()}" if len(places) > 1 else ""
    return f" (at {', '.join(places)}{last} s)"


def percent(share):
    """`12 %`; what is there is never 0 %."""
    return f"{max(1, round(100 * share))} %"


def worst(values, mask):
    """The places of the largest values where the mask holds, a few, far apart."""
    places = np.flatnonzero(mask)
    order = places[np.argsort(-np.asarray(values, float)[places], kind="stable")]
    apart = max(1, len(values) // 20)
    chosen = []
    for place in order:
        if all(abs(place - other) >= apart for other in chosen):
            chosen.append(int(place))
    return chosen[:MAX_PICTURES]
