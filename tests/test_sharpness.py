"""What pixel losses and sampling have blurred is put back."""

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.generators import build_generator
from keras_anchor.metrics import score_frames
from keras_anchor.sharpness import MAX_AMOUNT, TARGET, match_sharpness
from keras_anchor.stills import sharpen

SIZE = 64


@pytest.fixture
def frames(rng):
    picture = rng.integers(0, 255, (32, 32, 3), "uint8")
    picture = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    picture = np.uint8(128 + (picture.astype(float) - 128) * 0.6)
    opaque = np.full((SIZE, SIZE, 1), 255, "uint8")
    return np.stack([np.concatenate([picture, opaque], -1)] * 3)


def match(face_model, frames, blur):
    """Sharpness in the face box, before and after, and the amount."""
    still = cv2.GaussianBlur(frames[0], (0, 0), blur) if blur else frames[0]
    generator = build_generator(
        face_model,
        still.astype("float32") / 127.5 - 1.0,
        ctl.NEUTRAL,
        noise_size=2,
        scale=0.25,
        grid_size=16,
    )
    controls = np.tile(ctl.NEUTRAL, (len(frames), 1))

    def measure():
        drawn = generator.predict([controls, np.zeros((len(frames), 2))], verbose=0)
        drawn = np.uint8(np.rint((drawn + 1.0) * 127.5))
        scores = score_frames(face_model, controls, drawn, frames)
        return scores["face"]["sharpness"]

    before = measure()
    amount = match_sharpness(generator, face_model, controls, frames)
    assert amount == generator.get_layer("still").sharpening.numpy()
    return before, measure(), amount


def test_a_blurred_still_becomes_as_sharp_as_the_frames(tiny_face_model, frames):
    before, after, amount = match(tiny_face_model, frames, 0.5)
    assert before < 0.9 and 0.0 < amount < MAX_AMOUNT
    assert after == pytest.approx(TARGET, abs=0.02)


def test_a_sharp_still_is_left_alone(tiny_face_model, frames):
    before, after, amount = match(tiny_face_model, frames, None)
    assert (amount, after) == (0.0, before)


def test_it_is_not_sharpened_without_end(tiny_face_model, frames):
    before, after, amount = match(tiny_face_model, frames, 4.0)
    assert amount == MAX_AMOUNT and before < after < TARGET


def test_what_is_flat_stays_flat_up_to_the_border():
    flat = np.full((1, 8, 8, 4), 0.7, "float32")
    np.testing.assert_allclose(sharpen(flat, 0.5), flat, atol=1e-6)
