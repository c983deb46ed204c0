"""Alpha and colours where person and background are seen through each other."""

import cv2
import numpy as np
import pytest

from keras_anchor.data.capture.background import shrink
from keras_anchor.data.capture.matting import enlarge, find_holes, seen_inside, unmix

SIZE = 96


@pytest.fixture
def hair():
    """A dark disc with fine spikes over a striped wall: picture, alpha, wall."""
    wall = np.full((SIZE, SIZE, 3), (190, 120, 90), "float32")
    wall[:, ::6] = (240, 230, 180)
    alpha = np.zeros((4 * SIZE, 4 * SIZE), "float32")
    centre = (2 * SIZE, 2 * SIZE)
    cv2.circle(alpha, centre, SIZE, 1.0, -1)
    for angle in np.linspace(0, 2 * np.pi, 40, endpoint=False):
        end = np.array(centre) + 1.15 * SIZE * np.array([np.cos(angle), np.sin(angle)])
        cv2.line(alpha, centre, end.astype(int).tolist(), 1.0, 3)
    alpha = cv2.resize(alpha, (SIZE, SIZE), interpolation=cv2.INTER_AREA)[..., None]
    picture = alpha * np.array([30.0, 25.0, 20.0]) + (1.0 - alpha) * wall
    return np.rint(picture).astype("uint8"), alpha, wall


def coarse(alpha):
    """What a segmentation makes of it."""
    return cv2.GaussianBlur(alpha[..., 0], (0, 0), 2.5)


def test_hair_is_unmixed_from_a_wall_that_is_known(hair):
    picture, alpha, wall = hair
    known = np.ones((SIZE, SIZE, 1), "float32")
    frame = unmix(picture, coarse(alpha), lambda colour, is_free: (wall, known))
    found = frame[..., 3:] / 255.0
    before = np.abs(coarse(alpha)[..., None] - alpha).mean()
    assert np.abs(found - alpha).mean() < 0.35 * before
    half = (alpha > 0.3) & (alpha < 0.7)
    assert np.abs(frame[..., :3][half[..., 0]] - (30.0, 25.0, 20.0)).mean() < 15.0


def test_laid_over_the_same_wall_a_cut_out_frame_is_the_picture_again(hair):
    picture, alpha, wall = hair
    known = np.ones((SIZE, SIZE, 1), "float32")
    frame = unmix(picture, coarse(alpha), lambda colour, is_free: (wall, known))
    share = frame[..., 3:] / 255.0
    again = frame[..., :3] * share + wall * (1.0 - share)
    assert np.abs(again - picture).mean() < 3.0


def test_the_tint_of_a_wall_is_not_kept_in_the_edge(hair):
    """Videos hold colour at half their size: a red wall reddens dark hair."""
    _, alpha, _ = hair
    wall = np.full((SIZE, SIZE, 3), (220, 30, 40), "float32")
    picture = alpha * np.array([30.0, 28.0, 26.0]) + (1.0 - alpha) * wall
    tint = cv2.cvtColor(picture.astype("float32"), cv2.COLOR_RGB2YCrCb)
    half = cv2.resize(tint, (SIZE // 2, SIZE // 2), interpolation=cv2.INTER_AREA)
    tint[..., 1:] = cv2.resize(half, (SIZE, SIZE))[..., 1:]
    picture = np.clip(cv2.cvtColor(tint, cv2.COLOR_YCrCb2RGB), 0, 255)
    known = np.ones((SIZE, SIZE, 1), "float32")
    picture = np.rint(picture).astype("uint8")
    frame = unmix(picture, coarse(alpha), lambda colour, is_free: (wall, known))
    rim = (frame[..., 3] > 128) & (alpha[..., 0] > 0.6)
    red = frame[..., 0].astype(int) - frame[..., 1]
    assert (picture[..., 0].astype(int) - picture[..., 1])[rim].max() > 40
    assert red[rim].max() < 15


def test_dark_hair_before_a_cheek_keeps_its_own_tint():
    skin, hair, wall = (210, 150, 130), (60, 56, 54), (180, 182, 178)
    picture = np.full((SIZE, SIZE, 3), wall, "uint8")
    picture[:, :50], picture[:, 46:50] = skin, hair
    matte = np.zeros((SIZE, SIZE, 1), "float32")
    matte[:, :50] = 1.0
    walls = np.full((SIZE, SIZE, 3), wall, "float32"), np.ones_like(matte)
    frame = unmix(picture, coarse(matte), lambda colour, is_free: walls)
    red = frame[..., 0].astype(int) - frame[..., 1]
    assert np.abs(red[20:-20, 46:49]).max() < 12 and red[40, 20] == 60


def test_background_that_has_changed_is_no_person(hair):
    picture, alpha, wall = hair
    picture[5:8, 5:20] = (20, 90, 20)
    matte = np.maximum(coarse(alpha), 0.0)
    matte[2:12, 2:24] = 0.4
    known = np.ones((SIZE, SIZE, 1), "float32")
    frame = unmix(picture, matte, lambda colour, is_free: (wall, known))
    assert frame[:12, :24, 3].max() == 0
    assert frame[SIZE // 2, SIZE // 2, 3] == 255


def test_small_holes_are_filled_and_gaps_to_the_background_are_not():
    alpha = np.zeros((SIZE, SIZE, 1))
    alpha[10:90, 10:90] = 1.0
    alpha[40:42, 40:42] = 0.0
    alpha[60:62, 80:] = 0.0
    is_free = np.zeros_like(alpha)
    is_free[:10] = is_free[90:] = 1.0
    is_free[:, 90:] = 1.0
    holes = find_holes(alpha, is_free)
    assert holes[39:43, 39:43].all()
    assert not holes[60:62, 84:].any()


def test_shrinking_takes_an_edge_away():
    region = np.zeros((SIZE, SIZE), bool)
    region[20:60, 20:60] = True
    found = shrink(region, 1 / 48)
    assert found.shape == (SIZE, SIZE, 1)
    assert found[22:58, 22:58].all() and found.sum() == 36**2


def test_a_wider_look_covers_the_same_place():
    ramp = np.tile(np.linspace(0, 1, 128, dtype="float32"), (128, 1))
    crop = (60, 40, 64)
    wider = enlarge(crop, 256, 256)
    assert wider == (28, 8, 128)
    part = seen_inside(ramp, wider, crop, 64)
    np.testing.assert_allclose(part, ramp[32:96, 32:96], atol=1e-5)


def test_a_wider_square_stays_in_the_picture():
    assert enlarge((0, 0, 100), 150, 120) == (0, 0, 120)
    assert enlarge((50, 20, 100), 150, 120) == (30, 0, 120)
