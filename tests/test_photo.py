import cv2
import numpy as np
import pytest
from photographs import save_picture, take_picture

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.cli import main
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.photo.checks import eye_opening, lip_gap
from keras_anchor.data.photo.face import read_photo
from keras_anchor.data.photo.fields import interpolate
from keras_anchor.data.photo.motion import EYES, LIPS_INNER, transfer_motions
from keras_anchor.frames import composite
from keras_anchor.render import Renderer

SIZE = 128
CONSENT = ["--consent-who", "Adam", "--consent-purpose", "a test"]


@pytest.fixture(scope="module")
def photo_path(tmp_path_factory):
    return save_picture(tmp_path_factory.mktemp("photos"), take_picture(), "adam.png")


@pytest.fixture(scope="module")
def photo(photo_path):
    return read_photo(photo_path, SIZE)


@pytest.fixture(scope="module")
def motions(photo):
    return transfer_motions(photo)


@pytest.fixture(scope="module")
def generator(photo):
    pytest.importorskip("tensorflow")
    from keras_anchor.photo import build_photo_generator

    return build_photo_generator(photo)


@pytest.fixture(scope="module")
def draw(generator):
    def draw(*rows):
        controls = np.stack([ctl.pack(row) for row in rows])
        return generator([controls, np.zeros((len(rows), 1))]).numpy()

    return draw


def mouth_pixels(frames, photo):
    """The frames between the corners of the mouth, in `[0, 255]`."""
    flat = (photo.landmarks[:, :2] + 1.0) * SIZE / 2.0
    left, right = np.rint(flat[[78, 308], 0]).astype(int)
    top, bottom = round(flat[0, 1]), round(flat[17, 1]) + SIZE // 8
    return (frames[:, top:bottom, left:right, :3] + 1.0) * 127.5


def test_at_rest_it_is_the_photo(draw, photo):
    frame = (draw({})[0] + 1.0) * 127.5
    difference = np.abs(frame - photo.pixels)
    assert difference.mean() < 0.5
    # The last rows and columns of windows are drawn a quarter of a pixel off.
    assert np.mean(difference[..., 3] > 1.0) < 1e-3


def test_noise_shows_nothing(generator):
    controls = ctl.NEUTRAL[None]
    frames = [generator([controls, np.full((1, 1), value)]) for value in (-1.0, 1.0)]
    assert np.abs(frames[0] - frames[1]).max() < 0.02


def test_lids_meet_in_a_blink(motions):
    for side, (_, upper, lower, _) in EYES.items():
        offsets = motions.offsets[ctl.INDEX[f"eyeBlink{side}"]]
        shut = motions.points + offsets
        np.testing.assert_allclose(shut[list(upper)], shut[list(lower)], atol=1e-6)


def test_lips_meet_at_rest_and_part_with_the_jaw(motions):
    _, upper, lower, _ = LIPS_INNER
    rest = motions.points + motions.rest
    gap = (rest[list(lower)] - rest[list(upper)])[:, 1]
    assert gap.max() < 1e-6
    jaw = motions.offsets[ctl.INDEX["jawOpen"]]
    assert (jaw[14] - jaw[13])[1] > 0.1 * motions.scale


def test_parted_lips_of_a_photo_are_shut(tmp_path):
    path = save_picture(tmp_path, take_picture(jawOpen=0.3))
    photo = read_photo(path, SIZE)
    assert photo.facts["lip_gap"] > 0.03
    motions = transfer_motions(photo)
    _, upper, lower, _ = LIPS_INNER
    rest = motions.points + motions.rest
    assert (rest[list(lower)] - rest[list(upper)])[:, 1].max() < 1e-6


def test_the_tracker_sees_what_controls_ask_for(draw):
    rows = [{}, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, {"jawOpen": 0.5}]
    faces = []
    for frame in draw(*rows):
        pixels = np.rint((frame + 1.0) * 127.5).astype("uint8")
        image = cv2.resize(composite(pixels, (90, 110, 130)), (512, 512))
        faces.append(FaceTracker()(image).landmarks)
    rest, blink, jaw = faces
    assert eye_opening(blink) < 0.6 * eye_opening(rest)
    assert lip_gap(rest) < 0.02
    assert lip_gap(jaw) > 0.08


def test_the_mouth_opens_wider_with_the_jaw(draw, photo):
    frames = draw(*({"jawOpen": share} for share in (0.0, 0.2, 0.4, 0.6)))
    change = np.abs(mouth_pixels(frames, photo) - mouth_pixels(frames[:1], photo))
    assert np.all(np.diff(change.mean((1, 2, 3))) > 1.0)


@pytest.mark.parametrize(
    "pose",
    [
        {"headYaw": 0.26},
        {"headYaw": -0.26},
        {"headPitch": 0.17, "jawOpen": 0.6},
        {"headPitch": -0.17, "headYaw": 0.2, "eyeBlinkLeft": 1.0},
    ],
    ids=str,
)
def test_a_turned_face_has_no_holes(draw, photo, pose):
    """The face stays opaque, and all that is transparent reaches the border."""
    frame = draw(pose)[0]
    assert np.isfinite(frame).all()
    assert np.abs(frame).max() <= 1.0 + 1e-4
    nose = np.rint((photo.landmarks[1, :2] + 1.0) * SIZE / 2.0).astype(int)
    reach = SIZE // 12
    inner = frame[nose[1] - reach : nose[1] + reach, nose[0] - reach : nose[0] + reach]
    assert inner[..., 3].min() > 0.98
    clear = (frame[..., 3] < 0.0).astype("uint8")
    count, _ = cv2.connectedComponents(np.pad(clear, 1, constant_values=1))
    assert count == 2  # The person, and one background around it.


def test_turns_end_where_the_photo_is_turned_too_far(tmp_path):
    pytest.importorskip("tensorflow")
    from keras_anchor.photo import choose_limits

    photo = read_photo(save_picture(tmp_path, take_picture(headYaw=0.35)), SIZE)
    low, high = choose_limits(photo)
    index = ctl.INDEX["headYaw"]
    assert high[index] < 0.2
    assert low[index] == pytest.approx(-0.3)


def test_interpolation_keeps_what_is_known(rng):
    points = rng.uniform(-1.0, 1.0, (40, 2))
    values = rng.normal(size=(40, 3))
    np.testing.assert_allclose(interpolate(points, values, points), values, atol=0.05)
    constant = interpolate(points, np.ones((40, 1)), rng.uniform(-1, 1, (9, 2)))
    np.testing.assert_allclose(constant, 1.0, atol=1e-9)


def test_motion_is_inverted(rng):
    """What is found at a place moves to it."""
    pytest.importorskip("tensorflow")
    from keras_anchor.layers import grid
    from keras_anchor.photo_layers import invert
    from keras_anchor.stills import warp

    shift = cv2.GaussianBlur(rng.normal(size=(24, 32, 2)), (0, 0), 4.0)
    shift = (0.12 * shift / np.abs(shift).max())[None].astype("float32")
    places = invert(shift)
    moved = places + warp(shift, places)
    np.testing.assert_allclose(moved, grid(24, 32), atol=2e-3)


def test_pictures_need_not_be_square_to_be_warped(rng):
    """Against bilinear sampling, pixel by pixel."""
    pytest.importorskip("tensorflow")
    from keras_anchor.stills import warp

    height, width = 6, 9
    picture = rng.normal(size=(1, height, width, 2)).astype("float32")
    places = rng.uniform(-0.7, 0.7, (1, height, width, 2)).astype("float32")
    expected = np.empty_like(picture)
    for row in range(height):
        for column in range(width):
            x, y = (places[0, row, column] + 1.0) * (width / 2, height / 2) - 0.5
            left, top = int(np.floor(x)), int(np.floor(y))
            near = picture[0, top : top + 2, left : left + 2]
            along = near[:, 0] + (x - left) * (near[:, 1] - near[:, 0])
            expected[0, row, column] = along[0] + (y - top) * (along[1] - along[0])
    np.testing.assert_allclose(warp(picture, places), expected, atol=1e-5)


def test_a_saved_generator_draws_the_same(generator, tmp_path):
    from keras_anchor.runs import load_generator

    generator.save(tmp_path / "generator.keras")
    inputs = [ctl.pack({"jawOpen": 0.5, "headYaw": 0.2})[None], np.zeros((1, 1))]
    loaded = load_generator(tmp_path)
    np.testing.assert_allclose(loaded(inputs), generator(inputs), atol=1e-5)


@pytest.mark.slow
def test_a_photo_becomes_an_anchor(photo_path, draw, tmp_path, capsys):
    folder = tmp_path / "anchor"
    arguments = ["photo", str(photo_path), "--to", str(folder), "--size", str(SIZE)]
    assert main([*arguments, "--formats", "tflite", *CONSENT]) == 0
    anchor = load_anchor(folder)
    assert anchor.name == "adam"
    assert "one photo" in anchor.info["training"]["approximation"]
    assert anchor.info["consent"]["who"] == "Adam"
    assert "Approximate." in (folder / "report.html").read_text(encoding="utf-8")
    controls = {"jawOpen": 0.4, "headYaw": 0.1}
    frame = Renderer(anchor)(ctl.pack(controls))
    expected = (draw(controls)[0] + 1.0) * 127.5
    assert np.abs(frame - expected).max() < 1.0


def test_without_consent_nothing_is_made(photo_path, tmp_path, capsys):
    folder = tmp_path / "anchor"
    assert main(["photo", str(photo_path), "--to", str(folder)]) == 2
    assert "consent" in capsys.readouterr().err
    assert not folder.exists()


def test_the_format_of_pages_is_refused_where_no_still_is_moved(photo, tmp_path):
    pytest.importorskip("tensorflow")
    from keras_anchor.photo import make_photo_anchor

    with pytest.raises(ValueError, match="moves no still.*Choose others"):
        make_photo_anchor(photo, tmp_path / "anchor", "adam", formats=["web"])
    assert not (tmp_path / "anchor").exists()
