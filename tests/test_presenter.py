import sys

import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor.controls import HIGH, INDEX, LOW, NEUTRAL, pack
from keras_anchor.data.presenters import filming
from keras_anchor.data.presenters.presenter import Presenter, names


@pytest.fixture(scope="module")
def adam():
    return Presenter("adam")


@pytest.fixture(scope="module")
def face_model(adam):
    return filming.face_model(adam)


@pytest.fixture(scope="module")
def frames():
    """At rest, drawn twice; blinking; turned to the image's right; mouth open."""
    poses = {}, {}, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, {"headYaw": 0.5}
    rows = [pack(values) for values in (*poses, {"jawOpen": 0.8})]
    return draw_presenter(np.stack(rows), size=128).astype("float32")


def test_both_presenters_are_there():
    assert names() == ["adam", "mei"]


def test_face_points_are_exact(adam, face_model, rng):
    """Each face point is a vertex, and moves as the drawn vertex does."""
    controls = rng.uniform(LOW, HIGH, (3, 62)).astype("float32")
    vertices = np.stack(
        [adam.rig.project(adam.positions(row)) for row in controls], 1
    ).reshape(len(adam.rig.neutral), -1)
    points = face_model.points(controls).swapaxes(0, 1).reshape(-1, 6)
    distances = np.abs(points[:, None] - vertices[None]).max(-1).min(1)
    assert distances.max() < 1e-4


def test_positive_yaw_turns_the_nose_right(face_model):
    rest, turned = face_model.points(np.stack([NEUTRAL, pack({"headYaw": 0.4})]))
    nose = np.argmax(face_model.neutral[:, 2] * face_model.is_surface)
    assert turned[nose, 0] > rest[nose, 0] + 0.05


def test_drawing_repeats(frames):
    np.testing.assert_array_equal(frames[0], frames[1])


def test_blink_changes_the_eyes_alone(frames, face_model):
    changed = np.abs(frames[2] - frames[0]).sum(-1) > 30.0
    rows, columns = np.nonzero(changed)
    left, top, right, bottom = (face_model.eyes_box + 1.0) * 64.0
    assert len(rows) > 20
    assert left - 2 <= columns.min() <= columns.max() <= right + 2
    assert top - 2 <= rows.min() <= rows.max() <= bottom + 2


def test_alpha_is_straight(frames):
    """Colour at the silhouette is the hair's, not a mix with black."""
    alpha = frames[0, ..., 3]
    assert {alpha.min(), alpha.max()} == {0.0, 255.0}
    top = frames[0, :30]
    edge = top[(top[..., 3] > 60) & (top[..., 3] < 200)][:, :3].mean()
    inside = top[top[..., 3] == 255][:, :3].mean()
    assert edge > 0.6 * inside


def test_performances_repeat_and_hold_out():
    controls, is_train = filming.performances(600, seed=3)
    again, _ = filming.performances(600, seed=3)
    other, _ = filming.performances(600, seed=4)
    np.testing.assert_array_equal(controls, again)
    assert np.abs(controls - other).max() > 0.1
    assert (controls >= LOW).all() and (controls <= HIGH).all()
    assert np.mean(~is_train) == pytest.approx(0.15, abs=0.01)
    moving = controls.std(0) > 0.005
    assert moving.all(), [name for name in INDEX if not moving[INDEX[name]]]


def test_unknown_presenter_is_named():
    with pytest.raises(ValueError, match=r"'eve'.*Known: \['adam', 'mei'\]"):
        Presenter("eve")


def test_missing_moderngl_is_explained(adam, monkeypatch):
    monkeypatch.setitem(sys.modules, "moderngl", None)
    with pytest.raises(ModuleNotFoundError, match=r'"keras-anchor\[presenter\]"'):
        adam.render(NEUTRAL)
