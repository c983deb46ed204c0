"""Clips of the shipped anchor, damaged on purpose, and what is said of them."""

import json

import cv2
import numpy as np
import pytest
from talk import FPS, NUM_FRAMES, SIZE, find, shift

from keras_anchor.cli import main
from keras_anchor.data.check.contact_sheet import draw_contact_sheet
from keras_anchor.data.check.picture_quality import EYES, LIPS_OUTSIDE
from keras_anchor.data.check.report import check_footage, describe, refuse_unusable
from keras_anchor.data.faces import FaceTracker
from keras_anchor.films import write_film

pytest.importorskip("av")


@pytest.fixture(scope="module")
def landmarks(talk_frames):
    tracker = FaceTracker()
    return [tracker(frame).landmarks[:, :2] for frame in talk_frames]


def gain(frame, factor):
    return np.clip(frame * factor, 0, 255).astype("uint8")


def blur(frame, deviation):
    return cv2.GaussianBlur(frame, (0, 0), deviation)


def shrink(frame, factor):
    """The same picture, small, in the middle of a grey one."""
    size = round(SIZE * factor)
    page = np.full_like(frame, 100)
    first = (SIZE - size) // 2
    small = cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA)
    page[first : first + size, first : first + size] = small
    return page


def cover(frame, points, colour, factor):
    """Fills the outline of some landmarks, enlarged."""
    centre = points.mean(0)
    outline = cv2.convexHull(
        np.rint(centre + factor * (points - centre)).astype("int32")
    )
    return cv2.fillPoly(frame.copy(), [outline], colour)


def cover_mouth(frame, points):
    return cover(frame, points[list(LIPS_OUTSIDE)], (20, 20, 20), 2.2)


def cover_eyes(frame, points):
    for eye in EYES:
        frame = cover(frame, points[list(eye)], (20, 20, 22), 2.2)
    return frame


def side_by_side(frame):
    half = frame[:, SIZE // 4 : SIZE // 4 + SIZE // 2]
    return np.concatenate([half, half], 1)


def widen(frame):
    """Another person: the face is broader by a third."""
    size = (round(SIZE * 1.35), SIZE)
    wide = cv2.resize(frame, size, interpolation=cv2.INTER_CUBIC)
    first = (size[0] - SIZE) // 2
    return wide[:, first : first + SIZE]


def light_from_behind(frame, points):
    outline = cv2.convexHull(np.rint(points).astype("int32"))
    mask = cv2.fillPoly(np.zeros(frame.shape[:2], "uint8"), [outline], 1)[..., None]
    return np.where(mask, gain(frame, 0.45), gain(frame, 1.6))


GOOD = {"face", "second_face", "person", "face_size", "border", "mouth", "eyes"}
GOOD |= {"dark", "overexposed", "backlight", "blur", "motion_blur", "camera"}
GOOD |= {"exposure", "cuts", "frozen", "frame_rate", "interlaced", "colour"}
GOOD |= {"sound", "sync"}


def test_nothing_is_wrong_with_a_good_clip(check, talk_frames, voice):
    report = check(talk_frames, voice)
    wrong = [
        f.sentence for f in report.findings if f.severity != "ok" and f.key in GOOD
    ]
    assert not wrong
    assert {finding.key for finding in report.findings} >= GOOD
    assert report.is_usable
    refuse_unusable(report)


DAMAGES = {
    "dark": lambda frame, points, index: gain(frame, 0.25),
    "overexposed": lambda frame, points, index: gain(frame, 1.45),
    "backlight": lambda frame, points, index: light_from_behind(frame, points),
    "blur": lambda frame, points, index: blur(frame, 3.0),
    "motion_blur": lambda frame, points, index: (
        blur(frame, 5.0) if 10 <= index < 14 else frame
    ),
    "face_size": lambda frame, points, index: shrink(frame, 0.6),
    "border": lambda frame, points, index: shift(frame, 160),
    "mouth": lambda frame, points, index: (
        cover_mouth(frame, points) if 10 <= index < 16 else frame
    ),
    "eyes": lambda frame, points, index: (
        cover_eyes(frame, points) if 10 <= index < 16 else frame
    ),
    "face": lambda frame, points, index: frame // 50 if 10 <= index < 16 else frame,
    "camera": lambda frame, points, index: shift(
        frame, 12 * np.sin(index / 3), 8 * np.cos(index / 4)
    ),
    "exposure": lambda frame, points, index: gain(
        frame, 1.2 if index % 20 > 9 else 0.9
    ),
    "cuts": lambda frame, points, index: shift(frame, 60) if index >= 20 else frame,
}


@pytest.mark.parametrize("key", DAMAGES)
def test_a_damage_is_found(check, talk_frames, landmarks, key):
    rows = zip(talk_frames[:40], landmarks, range(40), strict=False)
    finding = find(check([DAMAGES[key](*row) for row in rows]), key)
    assert finding.severity == "warning", finding.sentence
    assert finding.pictures


@pytest.mark.parametrize("key", ["mouth", "eyes", "face", "motion_blur"])
def test_a_damage_is_found_where_it_is(check, talk_frames, landmarks, key):
    rows = zip(talk_frames[:40], landmarks, range(40), strict=False)
    finding = find(check([DAMAGES[key](*row) for row in rows]), key)
    ((first, last),) = finding.spans
    assert first == pytest.approx(1.05, abs=0.11)
    assert last == pytest.approx(1.35 if key == "motion_blur" else 1.55, abs=0.11)
    assert f"{first:.1f} to {last:.1f} s" in finding.sentence


STOPS = {
    "face": lambda frame, points, index: np.full_like(frame, 90),
    "second_face": lambda frame, points, index: side_by_side(frame),
    "face_size": lambda frame, points, index: shrink(frame, 0.25),
    "person": lambda frame, points, index: widen(frame) if index >= 40 else frame,
    "mouth": lambda frame, points, index: cover_mouth(frame, points),
    "eyes": lambda frame, points, index: cover_eyes(frame, points),
    "dark": lambda frame, points, index: gain(frame, 0.12),
    "blur": lambda frame, points, index: blur(frame, 8.0),
}


@pytest.mark.parametrize("key", STOPS)
def test_what_cannot_be_used_is_refused(check, talk_frames, landmarks, key):
    rows = zip(talk_frames, landmarks, range(NUM_FRAMES), strict=True)
    report = check([STOPS[key](*row) for row in rows])
    finding = find(report, key)
    assert finding.severity == "stop", finding.sentence
    with pytest.raises(ValueError, match="clip.mp4 cannot be used") as error:
        refuse_unusable(report)
    assert finding.sentence in str(error.value)


def test_a_clip_under_two_seconds_is_refused(check, talk_frames):
    with pytest.raises(ValueError, match=r"lasts 1.5 s. Expected at least 2 s"):
        check(talk_frames[:15])


def test_the_command_writes_findings_and_pictures(talk_frames, tmp_path, capsys):
    path, folder = tmp_path / "clip.mp4", tmp_path / "checked"
    write_film(path, talk_frames[:40], FPS)
    assert main(["check", str(path), "--to", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "warning: There is no sound." in printed
    assert "coverage    seen  what to add" in printed
    report = json.loads((folder / "check.json").read_text())
    assert report["is_usable"]
    assert report["coverage"]["poses"]["missing"]
    sheet = cv2.imread(str(folder / "contact_sheet.png"))
    assert sheet.shape[1] == 1280
    assert sheet.std() > 20


def test_the_command_fails_on_a_useless_clip(talk_frames, tmp_path, capsys):
    path = tmp_path / "clip.mp4"
    write_film(path, [np.full_like(talk_frames[0], 90)] * 30, FPS)
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(path)])
    assert stopped.value.code == 2
    assert "STOP: No face is seen in 100 % of the clip." in capsys.readouterr().out


def test_a_picture_without_colour_is_told(check, talk_frames):
    grey = [
        np.repeat(frame.mean(-1, keepdims=True), 3, -1).astype("uint8")
        for frame in talk_frames
    ]
    assert find(check(grey), "colour").severity == "warning"


def test_a_clip_without_a_face_has_a_contact_sheet(check, talk_frames):
    report = check([np.full_like(talk_frames[0], 90)] * 30)
    assert draw_contact_sheet(report).shape[1] == 1280
    assert any("No face" in line for line in describe(report))


def test_a_missing_clip_is_explained(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.mp4")]) == 2
    assert "There is no video file" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["presenter_a.mp4", "presenter_b.mp4"])
def test_real_clips_are_not_refused(footage_folder, clip):
    report = check_footage(footage_folder / clip)
    refuse_unusable(report)
    wrong = {f.key for f in report.select("warning")}
    assert wrong <= {"face_size", "frame_rate", "sound", "variety"}
