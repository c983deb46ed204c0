"""One face, its expressions and its pose, recovered from landmarks that it made."""

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.data.capture.fit_face import (
    bounded_least_squares,
    calibrate,
    fit_controls,
    fit_face,
    smooth,
)
from keras_anchor.data.capture.head import fit_head
from keras_anchor.data.capture.person import build_face_model, points_error, window
from keras_anchor.data.faces import NAMES
from keras_anchor.data.presenters.landmark_shapes import landmark_shapes
from keras_anchor.face_model import rotation

NUM_FRAMES = 120
MOVED = ("jawOpen", "mouthSmileLeft", "eyeBlinkRight", "browInnerUp")


@pytest.fixture(scope="module")
def performed():
    """Landmarks of a face that is not the generic one, and what it did."""
    rng = np.random.default_rng(0)
    neutral, offsets = landmark_shapes()
    face = neutral * (1.1, 0.95, 1.0)
    weights = np.zeros((NUM_FRAMES, len(NAMES)))
    for name in MOVED:
        # Mostly at rest, as faces are, and never all at once.
        bumps = np.clip(rng.normal(-0.4, 0.7, NUM_FRAMES // 8), 0.0, 0.9)
        weights[:, NAMES.index(name)] = np.repeat(bumps, 8)
    yaw, x = rng.uniform(-0.3, 0.3, NUM_FRAMES), rng.uniform(-0.1, 0.1, NUM_FRAMES)
    turns = rotation(yaw, 0.3 * yaw, 0.2 * x)
    shape = face + 1.2 * np.tensordot(weights, offsets, 1)
    landmarks = shape @ np.swapaxes(turns, 1, 2)
    landmarks[..., 0] += x[:, None]
    return landmarks + rng.normal(0, 1e-3, landmarks.shape), weights, yaw


def test_smoothing_keeps_parabolas_and_lowers_noise(rng):
    times = np.linspace(-1, 1, 30)
    np.testing.assert_allclose(smooth(times**2)[2:-2], times[2:-2] ** 2, atol=1e-12)
    noise = rng.normal(size=(500, 2))
    assert smooth(noise).std() < 0.75 * noise.std()


def test_calibration_takes_the_usual_face_for_neutral(rng):
    blendshapes = rng.uniform(0.4, 0.42, (100, 52))
    blendshapes[50:55, 3] = 1.0
    controls = calibrate(blendshapes)
    assert np.median(controls) < 0.03
    assert controls[52, 3] == 1.0
    assert controls.min() == 0.0


def test_bounded_least_squares_finds_what_no_small_step_betters(rng):
    a = rng.normal(size=(5, 20, 6))
    gram, moment = np.swapaxes(a, 1, 2) @ a, rng.normal(size=(5, 6)) * 20.0
    found = bounded_least_squares(gram, moment, np.full((5, 6), 0.5))

    def cost(weights):
        quadratic = np.einsum("ni,nij,nj->n", weights, gram, weights) / 2.0
        return quadratic - (moment * weights).sum(1)

    assert found.min() == 0.0 and found.max() == 1.0
    for _ in range(200):
        other = np.clip(found + rng.normal(0, 0.05, found.shape), 0.0, 1.0)
        assert (cost(other) >= cost(found) - 1e-9).all()


def test_expressions_and_pose_are_recovered(performed):
    landmarks, weights, yaw = performed
    fit = fit_face(landmarks, 0.8 * weights)
    for name in MOVED:
        column = NAMES.index(name)
        found = fit.weights[:, column]
        assert np.corrcoef(found, weights[:, column])[0, 1] > 0.97, name
    controls = fit_controls(fit, np.zeros((NUM_FRAMES, 3)))
    found = controls[:, ctl.INDEX["headYaw"]]
    np.testing.assert_allclose(found, yaw - np.median(yaw), atol=0.02)


def test_a_fit_lies_on_its_landmarks(performed):
    landmarks, weights, _ = performed
    fit = fit_face(landmarks, 0.8 * weights)
    error = np.linalg.norm((fit.landmarks() - landmarks)[..., :2], axis=-1)
    assert error.mean() * 128 < 0.3
    before = np.linalg.norm((fit_head(landmarks).rest - landmarks)[..., :2], axis=-1)
    assert error.mean() < 0.05 * before.mean()


def test_lips_are_shut_in_the_neutral_face_of_somebody_who_mostly_speaks(rng):
    neutral, offsets = landmark_shapes()
    weights = np.zeros((NUM_FRAMES, len(NAMES)))
    jaw = NAMES.index("jawOpen")
    weights[:, jaw] = np.where(np.arange(NUM_FRAMES) % 12 < 10, 0.4, 0.0)
    landmarks = neutral + np.tensordot(weights, offsets, 1)
    landmarks += rng.normal(0, 1e-3, landmarks.shape)
    fit = fit_face(landmarks, 0.8 * weights)

    def gap(shape):
        return np.linalg.norm(shape[13] - shape[14])

    assert gap(fit.neutral) < 0.1 * gap(neutral + 0.4 * offsets[jaw])
    assert np.corrcoef(fit.weights[:, jaw], weights[:, jaw])[0, 1] > 0.99


def test_a_long_clip_is_fitted_in_parts_as_a_whole(performed, monkeypatch):
    landmarks, weights, _ = performed
    whole = fit_face(landmarks, weights)
    monkeypatch.setattr("keras_anchor.data.capture.fit_face.PART_FRAMES", 50)
    parts = fit_face(landmarks, weights)
    np.testing.assert_allclose(parts.weights, whole.weights, atol=1e-9)


def test_a_face_model_has_points_where_landmarks_it_has_not_seen_are(performed):
    landmarks, weights, _ = performed
    is_train = np.arange(NUM_FRAMES) < 100
    fit = fit_face(landmarks, 0.8 * weights, is_train)
    controls = fit_controls(fit, np.zeros((NUM_FRAMES, 3)))
    face_model = build_face_model(fit, is_train)
    unseen = controls[~is_train], landmarks[~is_train]
    assert points_error(face_model, *unseen) * 128 < 0.5
    assert set(np.unique(face_model.skin)) == {0.0, 1.0}
    assert (~face_model.is_surface).sum() == 10


def test_a_window_lies_on_sixteenths_and_holds_the_points(rng):
    points = rng.uniform([-0.31, 0.12, 0.0], [0.29, 0.44, 0.1], (200, 30, 3))
    box = window(points, 0.02)
    np.testing.assert_allclose(box * 8, np.rint(box * 8))
    assert box[0] <= -0.25 and box[2] >= 0.25
    assert box[2] - box[0] == pytest.approx(0.75)
