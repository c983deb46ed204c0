"""Clips of the shipped anchor, damaged on purpose, and what is said of them."""

import json
from fractions import Fraction

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.cli import main
from keras_anchor.data.check import walk as walk_module
from keras_anchor.data.check.contact_sheet import draw_contact_sheet
from keras_anchor.data.check.findings import Finding, describe_spans, find_spans, worst
from keras_anchor.data.check.picture_quality import EYES, LIPS_OUTSIDE
from keras_anchor.data.check.report import check_footage, describe, refuse_unusable
from keras_anchor.data.faces import FaceTracker
from keras_anchor.films import write_film
from keras_anchor.frames import composite
from keras_anchor.render import Renderer

av = pytest.importorskip("av")

FPS, SIZE, NUM_FRAMES = 10, 480, 80
SAMPLE_RATE = 16000


def jaw_of(times):
    """How far the jaw opens: syllables of uneven length."""
    beat = np.sin(2 * np.pi * (1.3 * times + 0.5 * np.sin(1.1 * times)))
    return 0.4 * np.clip(beat, 0.0, 1.0)


@pytest.fixture(scope="module")
def frames():
    """Eight seconds of somebody who talks before a patterned wall."""
    rng = np.random.default_rng(0)
    wall = rng.integers(90, 170, (30, 40, 3), "uint8")
    wall = cv2.resize(wall, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    times = (np.arange(NUM_FRAMES) + 0.5) / FPS
    controls = np.tile(ctl.NEUTRAL, (NUM_FRAMES, 1))
    controls[:, ctl.INDEX["jawOpen"]] = jaw_of(times)
    controls[:, ctl.INDEX["headYaw"]] = 0.06 * np.sin(times)
    controls[:, ctl.INDEX["headX"]] = 0.01 * np.sin(2.3 * times)
    renderer = Renderer(load_anchor())
    pictures = [
        cv2.resize(renderer(row), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        for row in controls
    ]
    return [composite(picture, wall) for picture in pictures]


@pytest.fixture(scope="module")
def landmarks(frames):
    tracker = FaceTracker()
    return [tracker(frame).landmarks[:, :2] for frame in frames]


@pytest.fixture(scope="module")
def voice():
    """Noise as loud as the jaw is open."""
    times = np.arange(NUM_FRAMES * SAMPLE_RATE // FPS) / SAMPLE_RATE
    noise = np.random.default_rng(0).normal(0.0, 0.3, len(times))
    return (noise * (0.02 + jaw_of(times))).astype("float32")


@pytest.fixture
def check(tmp_path):
    """Writes a clip and returns its report."""

    def check(frames, sound=None):
        path = tmp_path / "clip.mp4"
        write_film(path, frames, FPS, sound, SAMPLE_RATE)
        return check_footage(path)

    return check


def find(report, key):
    (finding,) = [finding for finding in report.findings if finding.key == key]
    return finding


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


def shift(frame, x, y=0):
    matrix = np.float32([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(frame, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT)


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
GOOD |= {"exposure", "cuts", "frozen", "frame_rate", "interlaced", "sound", "sync"}


def test_nothing_is_wrong_with_a_good_clip(check, frames, voice):
    report = check(frames, voice)
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
def test_a_damage_is_found(check, frames, landmarks, key):
    rows = zip(frames[:40], landmarks, range(40), strict=False)
    finding = find(check([DAMAGES[key](*row) for row in rows]), key)
    assert finding.severity == "warning", finding.sentence
    assert finding.pictures


@pytest.mark.parametrize("key", ["mouth", "eyes", "face", "motion_blur"])
def test_a_damage_is_found_where_it_is(check, frames, landmarks, key):
    rows = zip(frames[:40], landmarks, range(40), strict=False)
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
def test_what_cannot_be_used_is_refused(check, frames, landmarks, key):
    rows = zip(frames, landmarks, range(NUM_FRAMES), strict=True)
    report = check([STOPS[key](*row) for row in rows])
    finding = find(report, key)
    assert finding.severity == "stop", finding.sentence
    with pytest.raises(ValueError, match="clip.mp4 cannot be used") as error:
        refuse_unusable(report)
    assert finding.sentence in str(error.value)


def test_a_clip_under_two_seconds_is_refused(check, frames):
    with pytest.raises(ValueError, match=r"lasts 1.5 s. Expected at least 2 s"):
        check(frames[:15])


def test_a_frozen_picture_is_found(check, frames):
    finding = find(check([*frames[:20], *[frames[20]] * 12, *frames[20:40]]), "frozen")
    assert finding.severity == "warning"
    ((first, last),) = finding.spans
    assert (first, last) == (pytest.approx(2.1, abs=0.2), pytest.approx(3.1, abs=0.2))


def test_repeated_frames_are_found(check, frames):
    filmed = [frame for index, frame in enumerate(frames) if index % 3]
    filled = [frames[index - (index % 3 == 0)] for index in range(1, NUM_FRAMES)]
    assert find(check(filmed), "frame_rate").severity == "ok"
    finding = find(check(filled), "frame_rate")
    assert finding.severity == "warning"
    assert "3" in finding.sentence.partition(" %")[0]
    assert "frames a second and filled up to 10" in finding.sentence


def test_interlacing_is_seen_in_the_picture(check, frames):
    moved = [shift(frame, 10 * (index % 2)) for index, frame in enumerate(frames[:40])]
    for now, before in zip(moved[1:], moved[:-1], strict=True):
        now[::2] = shift(before, 5)[::2]
    assert find(check(moved), "interlaced").severity == "warning"


def test_uneven_frame_times_are_found(frames, tmp_path):
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width = stream.height = SIZE
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", Fraction(1, 100)
        for index, pixels in enumerate(frames[:30]):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = 10 * index + 4 * (index % 3)
            frame.time_base = Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    finding = find(check_footage(path), "frame_rate")
    assert "variable frame rate" in finding.sentence


@pytest.mark.parametrize("seconds", [-0.3, 0.2, 0.4])
def test_late_sound_is_measured(check, frames, voice, seconds):
    late = np.roll(voice, round(seconds * SAMPLE_RATE))
    report = check(frames, late)
    assert report.walk.sound.lag == pytest.approx(seconds, abs=0.05)
    side = "after" if seconds > 0 else "before"
    assert f"s {side} the lips" in find(report, "sync").sentence


def test_noise_says_nothing_of_lips(check, frames, rng):
    noise = rng.normal(0.0, 0.1, NUM_FRAMES * SAMPLE_RATE // FPS).astype("float32")
    finding = find(check(frames, noise), "sync")
    assert finding.severity == "ok"
    assert "can't be told" in finding.sentence


@pytest.mark.parametrize(
    ("factor", "words"),
    [(None, "no sound"), (0.0, "silence"), (0.01, "very quiet"), (40.0, "clipped")],
)
def test_bad_sound_is_found(check, frames, voice, factor, words):
    sound = None if factor is None else np.clip(factor * voice, -1.0, 1.0)
    finding = find(check(frames[:40], sound), "sound")
    assert finding.severity == "warning"
    assert words in finding.sentence


def test_a_long_clip_is_looked_at_evenly(check, frames, monkeypatch):
    monkeypatch.setattr(walk_module, "MAX_SAMPLES", 16)
    times = check(frames).walk.times
    assert 8 <= len(times) < 16
    np.testing.assert_allclose(np.diff(times), np.diff(times)[0], atol=1e-6)
    assert times[-1] > 0.85 * NUM_FRAMES / FPS


def test_the_command_writes_findings_and_pictures(frames, tmp_path, capsys):
    path, folder = tmp_path / "clip.mp4", tmp_path / "checked"
    write_film(path, frames[:40], FPS)
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


def test_the_command_fails_on_a_useless_clip(frames, tmp_path, capsys):
    path = tmp_path / "clip.mp4"
    write_film(path, [np.full_like(frames[0], 90)] * 30, FPS)
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(path)])
    assert stopped.value.code == 2
    assert "STOP: No face is seen in 100 % of the clip." in capsys.readouterr().out


def test_a_clip_without_a_face_has_a_contact_sheet(check, frames):
    report = check([np.full_like(frames[0], 90)] * 30)
    assert draw_contact_sheet(report).shape[1] == 1280
    assert any("No face" in line for line in describe(report))


def test_a_missing_clip_is_explained(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.mp4")]) == 2
    assert "There is no video file" in capsys.readouterr().err


def test_spans_are_stretches_of_time():
    seconds = np.arange(6) / 10.0
    mask = np.array([1, 1, 0, 0, 1, 0], bool)
    assert find_spans(seconds, mask) == [(0.0, 0.1), (0.4, 0.4)]
    assert find_spans(seconds, mask, 0.15) == [(0.0, 0.1)]
    assert find_spans(seconds, ~mask) == [(0.2, pytest.approx(0.3)), (0.5, 0.5)]


def test_places_read_well():
    assert describe_spans([]) == ""
    assert describe_spans([(1.0, 1.0)]) == " (at 1.0 s)"
    assert describe_spans([(1.0, 1.0), (3.0, 4.5)]) == " (at 1.0 and 3.0 to 4.5 s)"
    many = [(float(start), float(start)) for start in range(9)]
    assert describe_spans(many).endswith("s, and 5 more)")


def test_the_worst_pictures_lie_apart():
    values = np.arange(100.0)
    chosen = worst(values, values > 50)
    assert chosen == [99, 94, 89, 84]
    assert worst(values, values < 0) == []


def test_a_finding_is_plain_data():
    finding = Finding("face", "ok", "Fine.", spans=[(np.float64(1.234), 2)])
    assert json.loads(json.dumps(finding.to_dict()))["spans"] == [[1.23, 2.0]]


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["presenter_a.mp4", "presenter_b.mp4"])
def test_real_clips_are_not_refused(footage_folder, clip):
    report = check_footage(footage_folder / clip)
    refuse_unusable(report)
    wrong = {f.key for f in report.select("warning")}
    assert wrong <= {"face_size", "frame_rate", "sound", "variety"}
