import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES, canonical_face
from keras_anchor.data.fit_face import (
    LIPS,
    calibrate,
    fit_face_model,
    fit_head,
    smooth,
    track_controls,
    window,
)
from keras_anchor.face_model import rotation


def make_landmarks(motions, rng):
    """Landmarks of a made-up face that obeys yaw, shift and an opening jaw."""
    face, _ = canonical_face()
    face = np.concatenate([face, np.repeat(face[[33, 263]], 5, 0)]) / 20.0
    jaw = np.zeros_like(face)
    jaw[list(LIPS), 1] = 0.1
    landmarks = []
    for yaw, x, opening in motions:
        turn = rotation(yaw, 0.0, 0.0)
        landmarks.append((face + opening * jaw) @ turn.T + (x, 0.1, 0.0))
    return np.array(landmarks) + rng.normal(0, 1e-4, (len(landmarks), 478, 3))


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


def test_a_window_lies_on_sixteenths_and_holds_the_points(rng):
    points = rng.uniform([-0.31, 0.12, 0.0], [0.29, 0.44, 0.1], (200, 30, 3))
    box = window(points, 0.02)
    np.testing.assert_allclose(box * 8, np.rint(box * 8))
    assert box[0] <= -0.25 and box[2] >= 0.25
    assert box[2] - box[0] == pytest.approx(0.75)


def test_a_face_model_reproduces_landmarks_it_has_not_seen(rng):
    truth = np.column_stack(
        [
            rng.uniform(-0.3, 0.3, 300),
            rng.uniform(-0.1, 0.1, 300),
            rng.uniform(0.0, 1.0, 300),
        ]
    )
    landmarks = make_landmarks(truth, rng)
    blendshapes = np.zeros((300, 52))
    blendshapes[:, NAMES.index("jawOpen")] = truth[:, 2]
    head = fit_head(landmarks)
    controls = track_controls(blendshapes, head, np.zeros((300, 3)))
    is_train = np.arange(300) < 250
    face_model, error = fit_face_model(controls, landmarks, head, is_train)
    assert error * 128 < 0.2
    yaw = controls[:, ctl.INDEX["headYaw"]]
    np.testing.assert_allclose(yaw, truth[:, 0] - np.median(truth[:, 0]), atol=0.02)
    assert set(np.unique(face_model.skin)) == {0.0, 1.0}
    assert (~face_model.is_surface).sum() == 10
