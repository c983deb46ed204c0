"""What the network says of a sound, and when: shared by training and listening.

Numbers of hops, not of frames: a hop is 10 ms of sound.
"""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.viseme_table import REST
from keras_anchor.drive.visemes import load_table, mouth_controls, split_phonemes

SAMPLE_RATE = 16_000
HOP = 160
WINDOW = 320
HOPS_PER_SECOND = SAMPLE_RATE // HOP
# What is said at the end of a hop is about the middle of the hop this many before it:
# 55 ms earlier.
DELAY = 5
SIDES = ("Left", "Right")


def find_mouth(table):
    """Names of the controls that a table's visemes use, sides as one: `mouthSmile`."""
    used = np.any([shape != ctl.NEUTRAL for shape in table.shapes.values()], 0)
    names = [name for name, is_used in zip(ctl.NAMES, used, strict=True) if is_used]
    names = [*names, "mouthClose"]
    return list(
        dict.fromkeys(n.removesuffix("Left").removesuffix("Right") for n in names)
    )


def make_targets(phonemes, num_hops, table=None):
    """What a perfect listener would say, one row a hop, without delay.

    Args:
        phonemes: Of a `Speech`.

    Returns:
        Values `(num_hops, num_names)` float32 of `find_mouth`'s controls, and the
        visemes that are spoken `(num_hops,)` int32, in the order of the table.
    """
    table = table or load_table()
    names, visemes = find_mouth(table), list(table.shapes)
    controls = mouth_controls(phonemes, num_hops, HOPS_PER_SECOND, table=table)
    columns = [ctl.INDEX[n] if n in ctl.INDEX else ctl.INDEX[n + "Left"] for n in names]
    spoken = np.full(num_hops, visemes.index(REST), "int32")
    for start, end, name, *_ in split_phonemes(phonemes, table):
        first, last = (round(t * HOPS_PER_SECOND) for t in (start, end))
        spoken[first:last] = visemes.index(name)
    return controls[:, columns], spoken
