"""Which silence goes with which end of a phrase."""

from bisect import bisect_left
from typing import NamedTuple

# How far a silence may lie from where an even pace puts it, in seconds.
REACH = 12.0
# How many ends or silences in a row may stay alone.
NUM_ENDS, NUM_GAPS = 5, 12
# What an unlikely pace costs: seconds that are no surprise, and their share.
SLACK, SLACK_SHARE = 0.25, 0.15


class Mark(NamedTuple):
    """An end or a silence: after how many seconds of voice, and how important it is."""

    seconds: float
    importance: float


def align(ends, gaps, seconds):
    """Pairs ends of phrases with silences, in order, by dynamic programming.

    Pairs cost what the pace between them is unlikely, and the more their importance
    differs; what stays alone costs its importance.

    Args:
        ends: List of `Mark`, where an even pace would put them.
        gaps: List of `Mark`.
        seconds: Of voice in all.

    Returns:
        `[(index of the end, index of the gap), ...]`.
    """
    ends = [Mark(0.0, 0.0), *ends, Mark(seconds, 0.0)]
    gaps = [Mark(0.0, 0.0), *gaps, Mark(seconds, 0.0)]
    ends_before, gaps_before = sum_up(ends), sum_up(gaps)
    moments = [gap.seconds for gap in gaps]
    best = [{0: (0.0, None)}]
    for i in range(1, len(ends)):
        is_last = i + 1 == len(ends)
        low = bisect_left(moments, ends[i].seconds - REACH)
        high = bisect_left(moments, ends[i].seconds + REACH)
        nearby = range(max(1, low), min(high, len(gaps) - 1))
        choices = {}
        for j in [len(gaps) - 1] if is_last else nearby:
            options = []
            # From the beginning there is always a way to the end.
            for k in [*range(max(1, i - 1 - NUM_ENDS), i), 0]:
                expected = ends[i].seconds - ends[k].seconds
                slack = SLACK + SLACK_SHARE * expected
                alone = ends_before[i] - ends_before[k + 1]
                for m, (cost, _) in best[k].items():
                    if m < j and (j - 1 - m <= NUM_GAPS or not k):
                        surprise = abs(moments[j] - moments[m] - expected) / slack
                        skipped = gaps_before[j] - gaps_before[m + 1]
                        options.append((cost + surprise + alone + skipped, k, m))
            if options:
                cost, k, m = min(options)
                cost += abs(ends[i].importance - gaps[j].importance)
                choices[j] = cost, (k, m)
        best.append(choices)
    pairs, place = [], (len(ends) - 1, len(gaps) - 1)
    while place and place[0]:
        pairs.append((place[0] - 1, place[1] - 1))
        place = best[place[0]][place[1]][1]
    return pairs[:0:-1]


def sum_up(marks):
    """Importance of all marks before each."""
    sums = [0.0]
    for mark in marks:
        sums.append(sums[-1] + mark.importance)
    return sums
