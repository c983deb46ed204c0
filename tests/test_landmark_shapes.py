"""The generic face that tracked faces are fitted with."""

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES, canonical_face, fit_similarity
from keras_anchor.data.landmarks import CHIN
from keras_anchor.data.presenters.landmark_shapes import landmark_shapes
from keras_anchor.data.presenters.mouth_interior import mouth_interior

UPPER_LIP, LOWER_LIP = 13, 14
SIDES = {"Left": (362, 386, 374), "Right": (133, 159, 145)}  # Corner, lids.


def test_it_is_shaped_like_the_canonical_face():
    neutral, _ = landmark_shapes()
    canonical, weights = canonical_face()
    scale, turn, shift = fit_similarity(canonical, neutral[:468], weights)
    moved = scale * canonical @ turn.T + shift
    error = np.linalg.norm(moved - neutral[:468], axis=1)
    width = np.ptp(neutral[:468, 0])
    assert np.median(error) < 0.05 * width


def test_jaw_open_parts_the_lips_and_lowers_the_chin():
    neutral, offsets = landmark_shapes()
    jaw = offsets[ctl.INDEX["jawOpen"]]
    assert jaw[CHIN, 1] > 0.1
    assert jaw[LOWER_LIP, 1] - jaw[UPPER_LIP, 1] > 0.1


@pytest.mark.parametrize("side", SIDES)
def test_a_blink_brings_the_lids_of_its_own_eye_together(side):
    neutral, offsets = landmark_shapes()
    for other, (_, upper, lower) in SIDES.items():
        shape = neutral + offsets[ctl.INDEX[f"eyeBlink{side}"]]
        gap = (shape[lower] - shape[upper])[1] / (neutral[lower] - neutral[upper])[1]
        assert gap < 0.35 if other == side else gap > 0.95


def test_all_but_the_tongue_move_something():
    _, offsets = landmark_shapes()
    moves = np.abs(offsets).max((1, 2))
    still = [name for name, move in zip(NAMES, moves, strict=True) if move < 0.01]
    assert still == ["tongueOut"]


def test_upper_teeth_lie_above_lower_ones():
    upper, lower = (
        np.flatnonzero(picture[..., 3].max(1) > 128) for picture in mouth_interior()
    )
    assert upper.min() < lower.min() < upper.max() < lower.max()
