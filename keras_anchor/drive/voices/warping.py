"""Dynamic time warping: which moment of one sound is which of another."""

import numpy as np

# How many frames of the reference go by in one of the recording, and what it costs.
STEPS = ((0, 0.35), (1, 0.0), (2, 0.35), (3, 1.0))
# In frames: what is warped at once, and how much of it is done again.
PIECE, OVERLAP = 2000, 500


def warp(features, reference, is_open=False):
    """Dynamic time warping that passes each frame of a recording once.

    Args:
        features: `(num_frames, size)` of the recording.
        reference: `(num_reference, size)`.
        is_open: Whether the recording may end before the reference does.

    Returns:
        For each frame the index of the reference `(num_frames,)`.

    Reference: Sakoe and Chiba, "Dynamic programming algorithm optimization for spoken
    word recognition", 1978, with steps of their type I made asymmetric.
    """
    num_frames, num_reference = len(features), len(reference)
    squares = np.sum(reference**2, axis=1)
    total = np.full(num_reference, np.inf, "float32")
    came_from = np.empty((num_frames, num_reference), "int8")
    candidates = np.empty((len(STEPS), num_reference), "float32")
    for index, frame in enumerate(features):
        cost = np.sqrt(np.maximum(squares - 2.0 * reference @ frame + frame @ frame, 0))
        if index:
            for row, (step, penalty) in enumerate(STEPS):
                candidates[row, :step] = np.inf
                candidates[row, step:] = total[: num_reference - step] + penalty
            best = candidates.argmin(0)
            total = candidates[best, np.arange(num_reference)] + cost
        else:
            best = np.zeros(num_reference, "int8")
            total[:3] = cost[:3]
        came_from[index] = best
    last = int(total.argmin()) if is_open else num_reference - 1
    path = np.empty(num_frames, "int32")
    for index in range(num_frames - 1, -1, -1):
        path[index] = last
        last -= STEPS[came_from[index, last]][0]
    return path


def warp_long(features, reference):
    """As `warp`, in pieces, so that memory grows with the length and not its square."""
    paths, begin = [], 0
    while len(features) > PIECE + OVERLAP:
        reach = reference[begin : begin + 2 * PIECE]
        path = warp(features[:PIECE], reach, is_open=True)
        # The end of a piece does not know yet what follows.
        kept = PIECE - OVERLAP
        paths.append(path[:kept] + begin)
        begin, features = int(paths[-1][-1]), features[kept:]
    paths.append(warp(features, reference[begin:][: 3 * len(features)]) + begin)
    return np.concatenate(paths)


def stretch(features, size):
    """Features `(num_frames, ...)` played faster or slower, in `size` frames."""
    at = np.linspace(0, len(features) - 1, size)
    first = np.floor(at).astype(int)
    share = (at - first)[:, None].astype("float32")
    following = features[np.minimum(first + 1, len(features) - 1)]
    return features[first] * (1.0 - share) + following * share
