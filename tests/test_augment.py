"""Crops that are moved to expressions between two frames."""

import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import augment
from keras_anchor import controls as ctl
from keras_anchor.augment import MixExpressions

BOX, SIZE = np.array([-0.5, -0.5, 0.5, 0.5]), 64
STEP = np.int64(3)


@pytest.fixture
def controls(rng):
    return rng.uniform(ctl.LOW / 2, ctl.HIGH / 2, (6, 62)).astype("float32")


def blob(place):
    """A crop with a bright spot at a place of the still, `[-1, 1]`."""
    centres = (np.arange(SIZE) + 0.5) / SIZE - 0.5
    xs, ys = np.meshgrid(centres, centres)
    spot = np.exp(-(np.square(xs - place[0]) + np.square(ys - place[1])) / 0.0006)
    return np.uint8(np.repeat(spot[..., None] * 255, 3, -1))


def centre(crop):
    spot = np.maximum(crop.mean(-1) + 1.0, 0.0)
    spot[spot < 0.3] = 0.0
    centres = (np.arange(SIZE) + 0.5) / SIZE - 0.5
    xs, ys = np.meshgrid(centres, centres)
    return np.array([(xs * spot).sum(), (ys * spot).sum()]) / spot.sum()


def test_what_lies_at_a_point_moves_with_it(tiny_face_model, controls, monkeypatch):
    monkeypatch.setattr(augment, "SHARE", 1.0)
    monkeypatch.setattr(augment, "MAX_MIX", 0.8)
    mix = MixExpressions(tiny_face_model, ctl.NEUTRAL, BOX, controls, 0)
    before = mix.places(controls).numpy()
    spot = int(np.abs(before).max((0, 2)).argmin())  # The one most inside the box.
    crops = np.stack([blob(places[spot]) for places in before])
    mixed, moved = mix(STEP, tf.constant(controls), tf.constant(crops))
    after = mix.places(mixed).numpy()[:, spot]
    distance = np.linalg.norm(after - before[:, spot], axis=-1)
    assert distance.max() > 0.02
    found = np.array([centre(crop) for crop in moved.numpy()])
    assert np.linalg.norm(found - after, axis=-1).max() < 0.3 * distance.max()


def test_pose_and_gaze_stay(tiny_face_model, controls):
    mix = MixExpressions(tiny_face_model, ctl.NEUTRAL, BOX, controls, 0)
    crops = np.zeros((len(controls), SIZE, SIZE, 3), "uint8")
    mixed, _ = mix(STEP, tf.constant(controls), tf.constant(crops))
    changed = (mixed.numpy() != controls).any(0)
    names = {name for name, index in ctl.INDEX.items() if changed[index]}
    assert {"jawOpen", "eyeBlinkLeft", "mouthSmileLeft"} <= names
    assert not any(name.startswith(("eyeLook", "head", "torso")) for name in names)


def test_a_step_repeats_itself_and_no_other(tiny_face_model, controls, rng):
    crops = rng.integers(0, 255, (len(controls), SIZE, SIZE, 3), "uint8")

    def draw(step, seed=0):
        mix = MixExpressions(tiny_face_model, ctl.NEUTRAL, BOX, controls, seed)
        drawn = mix(np.int64(step), controls, tf.constant(crops))
        return [array.numpy() for array in drawn]

    for one, two in zip(draw(3), draw(3), strict=True):
        np.testing.assert_array_equal(one, two)
    assert (draw(3)[0] != draw(4)[0]).any() and (draw(3)[0] != draw(3, seed=1)[0]).any()


def test_some_crops_are_left_as_they_are(tiny_face_model, controls, rng):
    many = np.repeat(controls, 20, 0)
    crops = rng.integers(0, 255, (len(many), SIZE, SIZE, 3), "uint8")
    mix = MixExpressions(tiny_face_model, ctl.NEUTRAL, BOX, controls, 0)
    mixed, moved = mix(STEP, many, tf.constant(crops))
    same = (mixed.numpy() == many).all(1)
    assert 0.1 < same.mean() < 0.55  # A few mix with themselves besides.
    # `warp` keeps a quarter of a pixel from the last row and column.
    kept, expected = moved.numpy()[same], crops[same] / 127.5 - 1.0
    np.testing.assert_allclose(kept[:, :-1, :-1], expected[:, :-1, :-1], atol=0.02)
