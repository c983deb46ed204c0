import json

import cv2
import numpy as np
import pytest
from clips import FPS, drawn_controls, write_tone, write_video

from keras_anchor import controls as ctl
from keras_anchor.cli import main
from keras_anchor.consent import Consent
from keras_anchor.data.capture.footage import capture, track_video
from keras_anchor.data.capture.torso import TorsoTracker
from keras_anchor.data.takes import Take
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.sound import read_sound

av = pytest.importorskip("av")


def test_torso_motion_is_measured_in_pixels(rng):
    image = rng.integers(0, 255, (60, 60, 3), "uint8")
    image = cv2.resize(image, (400, 400), interpolation=cv2.INTER_CUBIC)
    landmarks = np.zeros((478, 3))
    landmarks[:, 0] = np.linspace(150, 250, 478)
    landmarks[:, 1] = 150.0
    tracker = TorsoTracker()
    matrix = cv2.getRotationMatrix2D((200, 240), -2.0, 1.0)
    matrix[:, 2] += (3.0, -2.0)
    moved = cv2.warpAffine(image, matrix, (400, 400))
    np.testing.assert_allclose(tracker(image, landmarks), 0.0, atol=1e-2)
    x, y, roll = tracker(moved, landmarks)
    assert (x, y) == (pytest.approx(3.0, abs=1.0), pytest.approx(-2.0, abs=1.0))
    assert roll == pytest.approx(np.radians(2.0), abs=5e-3)


def test_a_torso_out_of_sight_stays_still():
    landmarks = np.zeros((478, 3))
    landmarks[:, 0], landmarks[:, 1] = np.linspace(10, 90, 478), 99.0
    motion = TorsoTracker()(np.zeros((100, 100, 3), "uint8"), landmarks)
    np.testing.assert_array_equal(motion, 0.0)


def walls(num_frames):
    return [np.full((64, 64, 3), 100, "uint8")] * num_frames


@pytest.fixture
def bad_video(tmp_path):
    """Makes the file that a test asks for by name."""

    def make(kind):
        path = tmp_path / f"{kind}.mp4"
        if kind == "empty":
            path.touch()
        elif kind == "unreadable":
            path.write_bytes(b"no video at all" * 100)
        elif kind == "faceless":
            write_video(path, walls(25))
        elif kind == "short":
            write_video(path, walls(5))
        elif kind == "picture":
            path = path.with_suffix(".png")
            cv2.imwrite(str(path), walls(1)[0])
        elif kind == "sound":
            with av.open(str(path), "w") as container:
                stream = container.add_stream("aac", rate=44100)
                stream.layout = "mono"
                write_tone(container, stream, 3.0)
        return path

    return make


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "There is no video file"),
        ("empty", "is empty"),
        ("unreadable", "is no video that can be read"),
        ("sound", "has sound but no picture"),
        ("short", "lasts 0.5 s"),
        ("picture", "lasts 0.0 s. Expected at least 2 s"),
        ("faceless", "shows a face in 0 of 25 frames"),
    ],
)
def test_a_bad_video_is_refused_in_plain_words(bad_video, tmp_path, kind, message):
    path = bad_video(kind)
    with pytest.raises(ValueError, match=message):
        capture(path, tmp_path / "take")
    with pytest.raises(ValueError, match=message):
        track_video(path)
    assert not (tmp_path / "take").exists()


def test_damaged_sound_is_explained(tmp_path):
    path = write_video(tmp_path / "clip.mp4", walls(30), seconds_of_sound=3.0)
    with av.open(str(path)) as container:
        packets = list(container.demux(container.streams.audio[0]))
    data = bytearray(path.read_bytes())
    for packet in packets[5:-1]:
        data[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(data)
    with pytest.raises(ValueError, match="sound of .* is damaged .*Leave it out"):
        read_sound(path, 3.0)


def test_an_existing_take_is_not_overwritten(bad_video, tmp_path):
    with pytest.raises(ValueError, match="exists already"):
        capture(bad_video("faceless"), tmp_path)


@pytest.fixture(scope="module")
def drawn_take(drawn_video, tmp_path_factory):
    pytest.importorskip("tensorflow_datasets")
    folder = tmp_path_factory.mktemp("captured") / "drawn"
    consent = Consent("a drawing", "to test")
    return Take(capture(drawn_video, folder, size=64, consent=consent))


def test_a_drawn_performance_is_recovered(drawn_video):
    performance = track_video(drawn_video)
    truth = drawn_controls()
    assert performance.fps == FPS
    assert len(performance.controls) == len(truth)
    for name in ("headYaw", "jawOpen"):
        column = ctl.INDEX[name]
        found = performance.controls[:, column]
        assert np.corrcoef(found, truth[:, column])[0, 1] > 0.9, name
    assert np.isfinite(performance.controls).all()


def test_sound_is_cut_to_the_pictures_length(drawn_video, drawn_take):
    samples, sample_rate = drawn_take.sound()
    assert sample_rate == 48000
    assert len(samples) == pytest.approx(48000 * 24 / FPS, abs=1)
    spectrum = np.abs(np.fft.rfft(samples[:48000]))
    assert np.argmax(spectrum) == pytest.approx(440, abs=2)
    assert 0.3 < np.abs(samples[4800:]).max() < 0.7


def test_frames_without_a_face_are_dropped(drawn_take):
    facts = json.loads((drawn_take.folder / "capture.json").read_text())
    assert facts["num_video_frames"] == 24
    assert facts["num_dropped_frames"] == 2
    assert drawn_take.num_frames("train") + drawn_take.num_frames("heldout") == 22


def test_consent_is_kept_with_the_take(drawn_take):
    assert Consent.from_dict(drawn_take.info["consent"]).who == "a drawing"


def test_no_take_is_made_without_consent(drawn_video, tmp_path, capsys):
    assert main(["capture", str(drawn_video), "--to", str(tmp_path / "take")]) == 2
    assert "needs their consent" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stage", ["track", "write"])
def test_a_capture_that_is_stopped_leaves_no_take(stage, drawn_video, tmp_path):
    def stop(now, count, total):
        if (now, count) == (stage, 5):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        capture(drawn_video, tmp_path / "take", size=64, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == [".take.tracked"]
    capture(drawn_video, tmp_path / "take", size=64)
    assert [path.name for path in tmp_path.iterdir()] == ["take"]


def test_a_part_of_a_video_can_be_captured(drawn_video, tmp_path):
    pytest.importorskip("tensorflow_datasets")
    folder = capture(drawn_video, tmp_path / "take", size=64, start=0.1, seconds=2.0)
    facts = json.loads((folder / "capture.json").read_text())
    assert (facts["start"], facts["num_video_frames"]) == (0.1, 20)
    samples, sample_rate = Take(folder).sound()
    assert len(samples) == 2 * sample_rate


def test_a_captured_take_has_points_on_its_face(drawn_take):
    frames, controls = drawn_take.arrays("heldout")
    assert frames.shape[1:] == (64, 64, 4)
    points = drawn_take.face_model.points(controls)
    is_head = drawn_take.face_model.is_head
    pixels = np.clip((points[:, is_head] + 1) * 32, 0, 63).astype(int)
    for frame, places in zip(frames, pixels, strict=True):
        assert (frame[places[:, 1], places[:, 0], 3] > 127).mean() > 0.95
    assert drawn_take.info["capture"]["points_error_pixels"] < 1.0


def test_a_matte_without_its_background_is_captured(drawn_take):
    frames, _ = drawn_take.arrays("train")
    assert frames[:, :4, :4, 3].max() < 30
    assert frames[:, 40:44, 30:34, 3].min() > 220


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["presenter_a.mp4", "presenter_b.mp4"])
def test_a_clip_becomes_a_take(footage_folder, tmp_path, clip):
    pytest.importorskip("tensorflow_datasets")
    take = Take(capture(footage_folder / clip, tmp_path / "take"))
    num_frames = take.num_frames("train") + take.num_frames("heldout")
    assert num_frames == sum(1 for _ in read_frames(footage_folder / clip))
    assert take.info["capture"]["points_error_pixels"] < 1.5
    _, controls = take.arrays("train")
    assert (controls >= ctl.LOW).all() and (controls <= ctl.HIGH).all()
    size = np.diff(take.face_model.mouth_box.reshape(2, 2), axis=0)[0] * 128
    np.testing.assert_array_equal(size % 16, 0)
