"""Tests of film frames: the anchor before its background."""

import cv2
import numpy as np
import pytest

from keras_anchor.scene.backdrops import make_backdrop
from keras_anchor.scene.light import LUMA
from keras_anchor.scene.placement import Placement
from keras_anchor.scene.scene import Scene
from keras_anchor.scene.shoulders import extend_shoulders

SIZE = 64


def draw_bust(size=SIZE, shoulder=0.8, colour=(180, 140, 120)):
    """A head, and shoulders whose line reaches the sides at a share of the height."""
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    head = np.hypot((x - 0.5) / 0.22, (y - 0.4) / 0.3) < 1
    body = y > shoulder - 0.25 * (1 - 2 * np.abs(x - 0.5))
    rgba = np.zeros((size, size, 4), "uint8")
    rgba[..., :3] = colour
    rgba[..., 3] = 255 * (head | body)
    return rgba


@pytest.fixture
def bust():
    return draw_bust()


@pytest.mark.parametrize(
    ("format", "shape"),
    [("1:1", (64, 64)), ("16:9", (1080, 1920)), ("9:16", (1920, 1080))],
)
def test_formats_have_their_sizes(bust, format, shape):
    frame = Scene(format).compose(bust)
    assert frame.shape == (*shape, 3)
    assert frame.dtype == np.uint8


@pytest.mark.parametrize("format", ["1:1", "16:9", "9:16"])
def test_sides_are_even(format):
    frame = Scene(format, size=101).compose(draw_bust(51))
    assert frame.shape[0] % 2 == 0
    assert frame.shape[1] % 2 == 0


@pytest.mark.parametrize("format", ["1:1", "16:9", "9:16"])
def test_a_transparent_anchor_leaves_the_background(bust, format):
    bust[..., 3] = 0
    scene = Scene(format, size=180)
    assert np.array_equal(scene.compose(bust), scene.backdrop)


def test_hidden_colour_is_never_seen(bust):
    scene = Scene("16:9", size=180)
    expected = scene.compose(bust)
    bust[bust[..., 3] == 0, :3] = (0, 255, 0)
    assert np.array_equal(scene.compose(bust), expected)


def test_the_background_far_from_the_anchor_is_untouched(bust):
    scene = Scene("16:9", size=180, place="right")
    frame = scene.compose(bust)
    assert np.array_equal(frame[:, :40], scene.backdrop[:, :40])
    assert not np.array_equal(frame, scene.backdrop)


def test_frames_do_not_depend_on_earlier_ones(bust):
    scene = Scene("16:9", size=180)
    first = scene.compose(bust)
    scene.compose(draw_bust(shoulder=0.7))
    assert np.array_equal(scene.compose(bust), first)


def test_the_lower_edge_cuts_the_anchor(bust):
    """No row of background below the shoulders, however sizes round."""
    for size in (180, 242, 500, 1080):
        scene = Scene("16:9", (0, 255, 0), size=size)
        frame = scene.compose(bust).astype(int)
        middle = frame[-1, frame.shape[1] // 2 - 20 : frame.shape[1] // 2 + 20]
        assert (middle[:, 1] < 160).all()


def test_place_moves_the_anchor(bust):
    middles = []
    for place in ("left", "centre", "right"):
        scene = Scene("16:9", (0, 0, 0), size=180, place=place)
        light = scene.compose(bust).sum((0, 2))
        middles.append((light * np.arange(len(light))).sum() / light.sum())
    assert middles[0] + 30 < middles[1] < middles[2] - 30
    assert middles[1] == pytest.approx(160, abs=2)


def test_shoulders_go_on_and_fall(bust):
    layer = bust.copy()
    layer[layer[..., 3] == 0] = 0
    wide = extend_shoulders(layer, 18)
    assert wide.shape == (SIZE, SIZE + 36, 4)
    assert np.array_equal(wide[:, 20:-20], layer[:, 2:-2])
    heights = (wide[..., 3] > 127).sum(0)
    right = heights[SIZE + 16 :]
    assert right[0] > right[-1]
    assert np.diff(right).max() <= 0
    # No step where the frame was cut.
    assert abs(heights[SIZE + 16] - heights[SIZE + 15]) <= 1
    assert np.array_equal(heights, heights[::-1])


def test_no_seam_shows_where_the_frame_was_cut():
    layer = np.full((SIZE, SIZE, 4), 255, "uint8")
    layer[..., :3] = 100
    wide = extend_shoulders(layer, 18)
    assert wide[-20:, 14:-14].min() > 90
    assert (wide[-20:, 14:-14, 3] == 255).all()


def test_nothing_is_added_where_nothing_was_cut(bust):
    bust[:, :8] = bust[:, -8:] = 0
    bust[bust[..., 3] == 0] = 0
    wide = extend_shoulders(bust, 18)
    assert not wide[:, :20].any()
    assert not wide[:, -20:].any()


def test_shoulders_move_as_little_as_the_anchor():
    """A tenth of a pixel in the anchor's frame is no jump beside it."""
    wide = []
    for shift in (0.0, 0.1):
        rgba = draw_bust(256).astype("float32")
        move = np.array([[1, 0, 0], [0, 1, shift]], "float32")
        rgba = cv2.warpAffine(rgba, move, (256, 256), borderMode=cv2.BORDER_REPLICATE)
        rgba[..., :3] *= rgba[..., 3:] / 255
        layer = np.rint(rgba).astype("uint8")
        wide.append(extend_shoulders(layer, 69)[..., 3].sum(0) / 255)
    assert np.abs(wide[0] - wide[1]).max() < 0.6


def test_light_follows_the_background(bust):
    def skin(background):
        frame = Scene("16:9", background, size=360).compose(bust)
        return frame[180, 320].astype(float)

    red, blue = skin((200, 60, 60)), skin((60, 60, 200))
    assert red[0] / red[2] > 1.05 * blue[0] / blue[2]
    assert skin((20, 20, 20)).sum() < skin((230, 230, 230)).sum()
    # Gently: it stays the same person.
    assert np.abs(red - blue).max() < 30


@pytest.mark.parametrize("background", ["#000000", "#14182f", "#000080", None])
def test_the_face_stays_visible_before_the_dark(background):
    bust = draw_bust(256)
    backdrop = make_backdrop(256, 256, background)
    Placement(backdrop, 256, left=0, top=0, side=256).lay(bust, backdrop)
    # From forehead to chin, away from the light around the edges.
    face = backdrop[50:166, 108:148] @ LUMA
    assert face.min() > 0.88 * (bust[128, 128, :3] @ LUMA)


def test_a_soft_shadow_lies_beside_the_head(bust):
    scene = Scene("16:9", (100, 100, 100), size=360)
    frame = scene.compose(bust)
    row = frame[120, :, 1].astype(int)
    head = np.flatnonzero(np.abs(row - row[320]) < 8)
    beside = row[head[0] - 12]
    assert 60 < beside < 98
    assert row[10] == 100


def test_a_placement_takes_part_of_the_anchor():
    """A square that reaches over a corner is cut by it."""
    backdrop = np.full((90, 160, 3), 50, "uint8")
    frame = backdrop.copy()
    placement = Placement(backdrop, SIZE, left=130, top=50, side=40)
    placement.lay(draw_bust(), frame)
    assert (frame[85, 150] != 50).all()
    assert (frame[:40, :100] == 50).all()
    with pytest.raises(ValueError, match="lies outside the picture"):
        Placement(backdrop, SIZE, left=200, top=0, side=40)


def test_an_opaque_anchor_covers_everything_behind_it():
    backdrop = np.random.default_rng(0).integers(0, 255, (90, 90, 3), "uint8")
    rgba = np.full((SIZE, SIZE, 4), 255, "uint8")
    rgba[..., :3] = (100, 90, 80)
    frame = backdrop.copy()
    Placement(backdrop, SIZE, left=0, top=0, side=90).lay(rgba, frame)
    inner = frame[20:-20, 20:-20].astype(int)
    assert inner.reshape(-1, 3).std(0).max() < 6


def test_a_picture_fills_the_frame(tmp_path):
    picture = np.zeros((50, 100, 3), "uint8")
    picture[:, 45:55] = 255
    cv2.imwrite(str(tmp_path / "wall.png"), picture)
    wall = make_backdrop(40, 80, tmp_path / "wall.png")
    assert wall.shape == (80, 40, 3)
    assert wall[:, 18:22].min() > 200
    assert wall[:, :6].max() < 60


def test_the_studio_shows_no_steps():
    """Grain everywhere, of about one level, hides what 8 bits would show."""
    for width, height in ((640, 360), (360, 640)):
        studio = make_backdrop(width, height).astype(float)
        grain = np.diff(studio[..., 1], axis=1)
        blocks = np.abs(grain[: height // 8 * 8, : width // 8 * 8 - 8])
        blocks = blocks.reshape(height // 8, 8, -1, 8).mean((1, 3))
        assert blocks.min() > 0.1
        assert np.array_equal(studio, make_backdrop(width, height))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"format": "4:3"}, "Unknown frame format '4:3'. Known: 1:1, 16:9, 9:16."),
        ({"place": "top"}, "Unknown place 'top'. Known: left, centre, right."),
        ({"size": 3}, "Expected a size from 16 to 4320 pixels, received 3."),
        ({"size": 64, "background": "#12"}, "Expected a colour such as"),
        ({"size": 64, "background": "no.jpg"}, "to be a picture or a colour"),
        ({"size": 64, "background": (1, 2, 300)}, "from 0 to 255"),
    ],
)
def test_wrong_settings_say_what_is_known(settings, message):
    with pytest.raises(ValueError, match=message):
        Scene(**settings)


def test_anchors_without_alpha_are_refused():
    with pytest.raises(ValueError, match="frame with alpha, .size, size, 4., received"):
        Scene("16:9", size=180).compose(np.zeros((64, 64, 3), "uint8"))
