"""What goes wrong with a clip over time and in its sound."""

from fractions import Fraction

import numpy as np
import pytest
from talk import FPS, NUM_FRAMES, SAMPLE_RATE, SIZE, find, shift

from keras_anchor.data.check import walk as walk_module
from keras_anchor.data.check.report import check_footage

av = pytest.importorskip("av")


def test_a_frozen_picture_is_found(check, talk_frames):
    finding = find(
        check([*talk_frames[:20], *[talk_frames[20]] * 12, *talk_frames[20:40]]),
        "frozen",
    )
    assert finding.severity == "warning"
    ((first, last),) = finding.spans
    assert (first, last) == (pytest.approx(2.1, abs=0.2), pytest.approx(3.1, abs=0.2))


def test_repeated_frames_are_found(check, talk_frames):
    filmed = [frame for index, frame in enumerate(talk_frames) if index % 3]
    filled = [talk_frames[index - (index % 3 == 0)] for index in range(1, NUM_FRAMES)]
    assert find(check(filmed), "frame_rate").severity == "ok"
    finding = find(check(filled), "frame_rate")
    assert finding.severity == "warning"
    assert "3" in finding.sentence.partition(" %")[0]
    assert "frames a second and filled up to 10" in finding.sentence


def test_interlacing_is_seen_in_the_picture(check, talk_frames):
    moved = [
        shift(frame, 10 * (index % 2)) for index, frame in enumerate(talk_frames[:40])
    ]
    for now, before in zip(moved[1:], moved[:-1], strict=True):
        now[::2] = shift(before, 5)[::2]
    assert find(check(moved), "interlaced").severity == "warning"


def test_uneven_frame_times_are_found(talk_frames, tmp_path):
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width = stream.height = SIZE
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", Fraction(1, 100)
        for index, pixels in enumerate(talk_frames[:30]):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = 10 * index + 4 * (index % 3)
            frame.time_base = Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    finding = find(check_footage(path), "frame_rate")
    assert "variable frame rate" in finding.sentence


@pytest.mark.parametrize("seconds", [-0.3, 0.2, 0.4])
def test_late_sound_is_measured(check, talk_frames, voice, seconds):
    late = np.roll(voice, round(seconds * SAMPLE_RATE))
    report = check(talk_frames, late)
    assert report.walk.sound.lag == pytest.approx(seconds, abs=0.05)
    side = "after" if seconds > 0 else "before"
    assert f"s {side} the lips" in find(report, "sync").sentence


def test_noise_says_nothing_of_lips(check, talk_frames, rng):
    noise = rng.normal(0.0, 0.1, NUM_FRAMES * SAMPLE_RATE // FPS).astype("float32")
    finding = find(check(talk_frames, noise), "sync")
    assert finding.severity == "ok"
    assert "can't be told" in finding.sentence


@pytest.mark.parametrize(
    ("factor", "words"),
    [(None, "no sound"), (0.0, "silence"), (0.01, "very quiet"), (40.0, "clipped")],
)
def test_bad_sound_is_found(check, talk_frames, voice, factor, words):
    sound = None if factor is None else np.clip(factor * voice, -1.0, 1.0)
    finding = find(check(talk_frames[:40], sound), "sound")
    assert finding.severity == "warning"
    assert words in finding.sentence


def test_a_long_clip_is_looked_at_evenly(check, talk_frames, monkeypatch):
    monkeypatch.setattr(walk_module, "MAX_SAMPLES", 16)
    times = check(talk_frames).walk.times
    assert 8 <= len(times) < 16
    np.testing.assert_allclose(np.diff(times), np.diff(times)[0], atol=1e-6)
    assert times[-1] > 0.85 * NUM_FRAMES / FPS
