from types import SimpleNamespace

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.agreement import points_error, score_agreement


def test_tracked_controls_are_compared_with_the_truth():
    """Half of the jaw's motion is right, gaze goes the wrong way, brows rest."""
    rng = np.random.default_rng(0)
    jaw, gaze, other = rng.uniform(0, 0.5, (3, 400))

    def face(**values):
        blendshapes = ctl.pack(values)[: len(ctl.BLENDSHAPES)]
        return SimpleNamespace(blendshapes=blendshapes, yaw=0.0, pitch=0.0, roll=0.0)

    truth = [face(jawOpen=a, eyeLookUpLeft=b) for a, b in zip(jaw, gaze, strict=True)]
    faces = [
        face(jawOpen=(a + c) / 2, eyeLookUpLeft=0.5 - b, browInnerUp=c)
        for a, b, c in zip(jaw, gaze, other, strict=True)
    ]
    scores = score_agreement([*faces, None], [*truth, truth[0]])
    assert scores["controls"].keys() == {"jawOpen", "eyeLookUpLeft"}
    assert scores["controls"]["jawOpen"] == pytest.approx(0.5**0.5, abs=0.05)
    assert scores["groups"]["gaze"] == pytest.approx(-1.0)
    # Jaw and gaze move alike: as one signal, half of one and the opposite of the other.
    together = (0.5 - 1.0) / (0.5 + 1.0) ** 0.5 / 2**0.5
    assert scores["together"] == pytest.approx(together, abs=0.05)
    assert scores["mean"] == pytest.approx(sum(scores["controls"].values()) / 2)


def test_points_are_compared_in_the_picture_plane(rng):
    truth = [SimpleNamespace(landmarks=rng.normal(size=(478, 3))) for _ in range(3)]
    faces = [SimpleNamespace(landmarks=face.landmarks + (3, 4, 9)) for face in truth]
    seen, true = [*faces, None, faces[0]], [*truth, truth[0], None]
    assert points_error(seen, true) == pytest.approx(5)
    assert points_error([None], truth[:1]) is None


def test_what_does_not_move_is_not_compared():
    still = SimpleNamespace(blendshapes=np.zeros(52), yaw=0.0, pitch=0.0, roll=0.0)
    moved = [SimpleNamespace(**vars(still) | {"yaw": 0.1 * i}) for i in range(4)]
    assert score_agreement([still] * 4, [still] * 4) == {}
    assert score_agreement([None] * 4, moved) == {}
    scores = score_agreement([still] * 4, moved)
    assert scores == {
        "mean": 0.0,
        "together": 0.0,
        "groups": {"pose": 0.0},
        "controls": {"headYaw": 0.0},
    }
