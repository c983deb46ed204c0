import hashlib
import re
import subprocess
import sys

import cv2
import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor import controls as ctl
from keras_anchor.data.faces import (
    ASSETS_FOLDER,
    NETWORK_NAMES,
    FaceTracker,
    Matte,
    angles,
    canonical_face,
    crop_matrix,
    cut,
    fit_similarity,
)
from keras_anchor.face_model import rotation
from keras_anchor.frames import composite

BACKGROUND = (70, 90, 120)


POSES = [
    ("headYaw", "yaw", 0.3),
    ("headYaw", "yaw", -0.3),
    ("headPitch", "pitch", 0.2),
    ("headRoll", "roll", 0.2),
]
SHAPES = [
    ("jawOpen",),
    ("eyeBlinkLeft",),
    ("eyeBlinkRight",),
    ("mouthSmileLeft", "mouthSmileRight"),
    ("eyeLookOutLeft", "eyeLookInRight"),
    ("eyeLookInLeft", "eyeLookOutRight"),
]
DRAWN = [
    {},
    {"headYaw": 0.1},
    {"headYaw": 0.2},
    *({control: value} for control, _, value in POSES),
    *(dict.fromkeys(names, 0.9) for names in SHAPES),
]


@pytest.fixture(scope="module")
def drawings():
    """RGBA of a built-in presenter: the truth is known."""
    return draw_presenter(np.stack([ctl.pack(values) for values in DRAWN]))


@pytest.fixture(scope="module")
def draw(drawings):
    """Finds the presenter with these controls before a plain wall."""

    def picture(**values):
        return composite(drawings[DRAWN.index(values)], BACKGROUND)

    return picture


@pytest.fixture(scope="module")
def neutral_face(draw):
    return FaceTracker()(draw())


def test_there_are_51_shapes_without_the_tongue():
    assert len(NETWORK_NAMES) == 52
    assert NETWORK_NAMES[:2] == ("_neutral", "browDownLeft")
    assert NETWORK_NAMES[-1] == "noseSneerRight"


def test_every_network_is_the_one_the_notice_names():
    notice = (ASSETS_FOLDER / "NOTICE.txt").read_text()
    for path in ASSETS_FOLDER.glob("[!N]*.*"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert re.search(rf"{path.name}[^.]*{digest}", notice) or digest in notice


def test_angles_invert_rotation(rng):
    expected = rng.uniform(-0.7, 0.7, (3, 20))
    np.testing.assert_allclose(angles(rotation(*expected)), expected, atol=1e-9)


def test_a_similarity_is_found_again(rng):
    source, weights = rng.normal(size=(20, 3)), rng.uniform(0.1, 1.0, 20)
    turn = rotation(0.3, -0.2, 0.1)
    shift = np.array([1.0, 2.0, 3.0])
    target = 1.7 * source @ turn.T + shift
    scale, found_turn, found_shift = fit_similarity(source, target, weights)
    assert scale == pytest.approx(1.7)
    np.testing.assert_allclose(found_turn, turn, atol=1e-9)
    np.testing.assert_allclose(found_shift, shift, atol=1e-9)


def test_the_canonical_face_looks_at_the_viewer():
    face, weights = canonical_face()
    nose, chin, forehead = face[1], face[152], face[10]
    assert nose[2] > max(chin[2], forehead[2], *face[[33, 263], 2])
    assert forehead[1] < nose[1] < chin[1]
    assert (weights > 0).sum() == 33


def test_an_upright_crop_is_a_slice(rng):
    image = cv2.GaussianBlur(
        rng.uniform(0, 255, (64, 80, 3)).astype("uint8"), (0, 0), 3
    )
    piece = cut(image, (40.0, 30.0, 32, 0.0), 32, cv2.BORDER_CONSTANT)
    np.testing.assert_allclose(piece, image[14:46, 24:56], atol=1)


def test_a_crops_corner_lies_where_its_angle_says():
    corner = crop_matrix((10.0, 20.0, 4.0, np.pi / 2), 8) @ (0.0, 0.0, 1.0)
    np.testing.assert_allclose(corner, (12.0, 18.0), atol=1e-9)


@pytest.mark.parametrize(("control", "angle", "value"), POSES)
def test_pose_is_measured_in_our_signs(draw, neutral_face, control, angle, value):
    face = FaceTracker()(draw(**{control: value}))
    turned = getattr(face, angle) - getattr(neutral_face, angle)
    assert turned == pytest.approx(value, abs=0.08)


@pytest.mark.parametrize("names", SHAPES)
def test_a_shape_that_is_drawn_is_seen(draw, neutral_face, names):
    face = FaceTracker()(draw(**dict.fromkeys(names, 0.9)))
    change = face.blendshapes - neutral_face.blendshapes
    indices = [ctl.INDEX[name] for name in names]
    assert change[indices].mean() > 0.3
    assert np.argmax(change) in indices


def test_a_turned_picture_turns_the_landmarks(draw, neutral_face):
    matrix = cv2.getRotationMatrix2D((127.5, 127.5), -15, 1.0)
    turned = cv2.warpAffine(draw(), matrix, (256, 256), borderValue=BACKGROUND)
    face = FaceTracker()(turned)
    expected = neutral_face.landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(face.landmarks[:, :2] - expected).mean() < 1.5
    assert face.roll - neutral_face.roll == pytest.approx(np.radians(15), abs=0.05)


@pytest.mark.parametrize("padding", [(0, 0, 200, 0), (180, 0, 0, 0)])
def test_a_wide_or_tall_picture_moves_the_landmarks_only(draw, neutral_face, padding):
    top, bottom, left, right = padding
    wide = cv2.copyMakeBorder(
        draw(), top, bottom, left, right, cv2.BORDER_CONSTANT, value=BACKGROUND
    )
    face = FaceTracker()(wide)
    moved = face.landmarks[:, :2] - (left, top)
    assert np.abs(moved - neutral_face.landmarks[:, :2]).mean() < 1.5


def test_following_a_face_agrees_with_finding_it(draw):
    tracker = FaceTracker()
    pictures = [draw(), draw(headYaw=0.1), draw(headYaw=0.2)]
    followed = [tracker(picture) for picture in pictures][-1]
    found = FaceTracker()(pictures[-1])
    assert np.abs(followed.landmarks - found.landmarks)[:, :2].mean() < 1.0


def test_a_lost_face_is_found_again_elsewhere(draw):
    tracker, wall = FaceTracker(), np.full((256, 512, 3), 90, "uint8")
    left, right = wall.copy(), wall.copy()
    left[:, :256] = right[:, 256:] = draw()
    assert tracker(left).landmarks[:, 0].mean() < 256
    assert tracker(wall) is None
    assert tracker(right).landmarks[:, 0].mean() > 256


def test_a_wall_and_noise_are_no_faces(rng):
    tracker = FaceTracker()
    assert tracker(np.full((120, 160, 3), 128, "uint8")) is None
    assert tracker(rng.integers(0, 255, (120, 160, 3), "uint8")) is None


def test_the_matte_finds_the_drawn_silhouette(draw, drawings):
    truth = drawings[0, ..., 3] > 127
    matte = Matte()(draw()) > 0.5
    assert (matte & truth).sum() / (matte | truth).sum() > 0.97


def test_tracking_needs_no_tensorflow():
    code = (
        "import sys; import keras_anchor.data.capture.footage as footage; "
        "from keras_anchor.data.faces import FaceTracker, Matte; "
        "FaceTracker(); Matte(); "
        "sys.exit(any(name.split('.')[0] in "
        "('tensorflow', 'keras', 'tensorflow_datasets') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
