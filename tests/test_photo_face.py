import json
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest
from photographs import PICTURE_SIZE, save_picture, take_picture

from keras_anchor.cli import main
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.photo.checks import check_face
from keras_anchor.data.photo.face import read_photo

SIZE = 128


@pytest.fixture(scope="module")
def picture():
    return take_picture()


@pytest.fixture(scope="module")
def photo(picture, tmp_path_factory):
    return read_photo(save_picture(tmp_path_factory.mktemp("photos"), picture), SIZE)


def check_refused(path, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        read_photo(path, SIZE)


def test_what_was_measured_can_be_written(photo):
    assert json.dumps(photo.facts)
    assert photo.facts["picture"] == [PICTURE_SIZE, PICTURE_SIZE]


def test_exif_turns_the_photo(picture, photo, tmp_path):
    turned = cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE)
    data = cv2.imencode(".jpg", turned[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])[1]
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    path = tmp_path / "turned.jpg"
    path.write_bytes(data.tobytes()[:2] + segment + data.tobytes()[2:])
    found = read_photo(path, SIZE).landmarks
    assert np.abs(found - photo.landmarks)[:, :2].max() < 0.05


def test_grey_pictures_will_do(picture, photo, tmp_path):
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    found = read_photo(path, SIZE)
    assert np.ptp(found.pixels[..., :3].astype(int), axis=-1).max() <= 1
    assert np.abs(found.landmarks - photo.landmarks)[:, :2].mean() < 0.02


def test_the_alpha_of_a_picture_is_its_matte(picture, tmp_path):
    alpha = np.full(picture.shape[:2], 255, "uint8")
    alpha[:, :40] = 0
    path = save_picture(tmp_path, np.dstack([picture, alpha]))
    found = read_photo(path, SIZE)
    left, _, side = found.facts["crop"]
    edge = (40 - left) * SIZE // side
    assert found.pixels[: SIZE // 8, : edge - 2, 3].max() == 0
    assert found.pixels[: SIZE // 8, edge + 2 :, 3].min() == 255


def test_a_missing_photo_is_named(tmp_path, capsys):
    path = str(tmp_path / "nobody.jpg")
    assert main(["photo", path, "--to", str(tmp_path / "anchor")]) == 2
    assert capsys.readouterr().err.endswith(f"No such file or directory: {path}\n")


def test_what_is_no_picture_is_refused(tmp_path):
    path = tmp_path / "letter.jpg"
    for data in (b"", b"Dear Sir or Madam"):
        path.write_bytes(data)
        check_refused(path, "is not a picture that OpenCV can read")


def test_heic_is_to_be_converted(tmp_path):
    path = tmp_path / "phone.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    check_refused(path, "is a HEIC picture, which OpenCV does not read. Convert it")


def test_a_picture_without_a_face_is_refused(tmp_path):
    path = save_picture(tmp_path, np.full((256, 256, 3), 128, "uint8"))
    check_refused(path, "shows no face that the tracker finds")


def test_two_faces_are_refused(picture, tmp_path):
    check_refused(
        save_picture(tmp_path, np.concatenate([picture, picture], 1)),
        "shows more than one face. Crop it to the one that is meant",
    )


def test_a_small_face_is_refused(picture, tmp_path):
    small = cv2.resize(picture, (160, 160), interpolation=cv2.INTER_AREA)
    check_refused(save_picture(tmp_path, small), "Expected 100 or more, better 250")


def test_a_dark_face_is_refused(picture, tmp_path):
    dark = (0.1 * picture).astype("uint8")
    check_refused(save_picture(tmp_path, dark), "is too dark: its brightest parts have")


def test_a_cut_face_is_refused(picture, photo, tmp_path):
    left, _, side = photo.facts["crop"]
    edge = round(left + (photo.landmarks[234, 0] + 1.0) * side / 2.0)
    cut = picture[:, edge + 20 :]
    check_refused(save_picture(tmp_path, cut), "is cut by the picture's border")


@pytest.mark.parametrize(
    ("controls", "text"),
    [
        ({"headYaw": 0.65}, "is turned by"),
        ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, "are shut, so nobody knows"),
        ({"jawOpen": 1.0}, "is wide open, and shut lips cannot be made of it"),
    ],
    ids=["turned", "blink", "yawn"],
)
def test_faces_that_cannot_move_are_refused(tmp_path, controls, text):
    check_refused(save_picture(tmp_path, take_picture(**controls)), text)


def test_a_tilted_head_is_refused(picture, tmp_path):
    middle = (PICTURE_SIZE / 2, PICTURE_SIZE / 2)
    turn = cv2.getRotationMatrix2D(middle, 33.0, 1.0)
    tilted = cv2.warpAffine(picture, turn, picture.shape[:2], borderValue=(128,) * 3)
    check_refused(save_picture(tmp_path, tilted), "is tilted by")


@pytest.mark.parametrize(("pitch", "word"), [(0.5, "up"), (-0.5, "down")])
def test_raised_and_lowered_heads_are_refused(picture, pitch, word):
    face = replace(FaceTracker()(picture), pitch=-0.2 + 1.4 * pitch)
    with pytest.raises(ValueError, match=f"looks {word} by .* degrees"):
        check_face("photo.png", picture, face)
