"""Reading videos whatever their container, codec and rate."""

from fractions import Fraction

import numpy as np
import pytest
from videos import HEIGHT, QUIET, WIDTH, numbered, numbers, write_video

from keras_anchor.data.video import frames
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe

FORMATS = {  # name of the file: what its encoder is given
    "h264.mp4": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.mkv": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.ts": {"codec": "libx264", "g": "30", "bf": "3"},
    "open_gop.mp4": {
        "codec": "libx264",
        "g": "12",
        "bf": "2",
        "x264-params": "open-gop=1",
    },
    "hevc.mp4": {"codec": "libx265", "x265-params": f"keyint=30:{QUIET}"},
    "ten_bit.mov": {
        "codec": "libx265",
        "pix_fmt": "yuv420p10le",
        "x265-params": QUIET,
        "preset": "ultrafast",
    },
    "vp9.webm": {"codec": "libvpx-vp9", "deadline": "realtime", "cpu-used": "8"},
    "av1.mp4": {"codec": "libsvtav1", "preset": "10", "g": "20"},
    "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le"},
    "mpeg2.mpg": {"codec": "mpeg2video", "bf": "2"},
    "mpeg4.avi": {"codec": "mpeg4", "bf": "2"},
    "mjpeg.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "animated.gif": {"codec": "gif", "pix_fmt": "rgb8"},
}
CODECS = {
    "libx264": "h264",
    "libx265": "hevc",
    "libvpx-vp9": "vp9",
    "prores_ks": "prores",
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Makes, once each, the clip of 75 numbered pictures in a format."""
    folder, done = tmp_path_factory.mktemp("clips"), set()

    def make(name):
        if name not in done:
            pictures = [numbered(index) for index in range(75)]
            write_video(folder / name, pictures, **FORMATS[name])
            done.add(name)
        return folder / name

    return make


@pytest.mark.parametrize("name", FORMATS)
def test_every_common_format_is_read_whole(clips, name):
    facts = probe(clips(name))
    codec = FORMATS[name]["codec"]
    assert facts.codec in (CODECS.get(codec, codec), "libdav1d", "av1", "mpeg2video")
    assert facts.fps == 25.0
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert facts.num_frames == 75
    assert not (facts.is_variable or facts.is_grey or facts.is_interlaced)
    assert not facts.has_sound
    assert numbers(clips(name)) == list(range(75))


@pytest.mark.parametrize("name", FORMATS)
def test_reading_from_the_middle_is_like_reading_on(clips, name):
    pictures = list(read_frames(clips(name)))
    for start in (1, 40, 74):
        rest = list(read_frames(clips(name), start=start))
        np.testing.assert_array_equal(rest, pictures[start:])


def test_reading_from_the_middle_finds_the_keyframe_before(tmp_path):
    """A stream without an index, in which one cannot seek to a keyframe."""
    pictures = [numbered(index) for index in range(160)]
    path = write_video(tmp_path / "clip.ts", pictures, g="100", sc_threshold="0")
    assert numbers(path, start=70) == list(range(70, 160))


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts", "vp9.webm"])
@pytest.mark.parametrize("seek_seconds", [0.2, 8.0])
def test_some_frames_are_those_of_reading_all(clips, name, seek_seconds, monkeypatch):
    monkeypatch.setattr(frames, "SEEK_SECONDS", seek_seconds)
    wanted = [0, 3, 4, 30, 74]
    some = list(frames.read_some(clips(name), np.array(wanted)))
    pictures = list(read_frames(clips(name)))
    np.testing.assert_array_equal(some, [pictures[number] for number in wanted])


def test_nothing_is_read_from_behind_the_end(clips):
    assert numbers(clips("h264.mp4"), start=75) == []


def test_a_part_must_start_before_the_end(clips):
    facts = probe(clips("h264.mp4"))
    assert facts.frames_of(start=facts.seconds - 0.1)[1] > 0
    with pytest.raises(ValueError, match="start before the end .*, received 50 s"):
        facts.frames_of(start=50.0)


def nearest(times, rate, seconds):
    """The slow reference: at each tick, the number of the frame nearest in time."""
    ticks = np.arange(round(seconds * rate)) / rate
    return [int(np.argmin(np.abs(np.array(times) / 1000.0 - tick))) for tick in ticks]


@pytest.mark.parametrize("name", ["phone.mp4", "phone.mkv"])
def test_a_variable_rate_becomes_constant(tmp_path, rng, name):
    gaps = rng.choice([33, 34, 41, 50, 67, 133], 89, p=[0.4, 0.3, 0.1, 0.1, 0.05, 0.05])
    times = np.concatenate([[0], np.cumsum(gaps)])
    pictures = [numbered(index) for index in range(90)]
    path = write_video(tmp_path / name, pictures, rate=30, times=times)
    facts = probe(path)
    assert facts.is_variable
    assert 25.0 < facts.fps <= 30.0
    assert facts.fps.is_integer()
    shown = numbers(path)
    assert len(shown) == facts.num_frames
    assert shown == nearest(times, facts.fps, facts.seconds)
    assert numbers(path, start=37) == shown[37:]


LIVE = {  # What browsers record: files without a length, or in fragments.
    "live.webm": {
        "codec": "libvpx-vp9",
        "deadline": "realtime",
        "cpu-used": "8",
        "container_options": {"live": "1"},
    },
    "live.mp4": {
        "g": "30",
        "container_options": {"movflags": "frag_keyframe+empty_moov"},
    },
}


@pytest.mark.parametrize("name", LIVE)
def test_what_a_browser_records_is_read(tmp_path, rng, name):
    gaps = rng.choice([20, 33, 34, 47, 66], 119, p=[0.1, 0.4, 0.3, 0.1, 0.1])
    times = np.concatenate([[0], np.cumsum(gaps)])
    pictures = [numbered(index) for index in range(120)]
    path = write_video(tmp_path / name, pictures, rate=30, times=times, **LIVE[name])
    facts = probe(path)
    shown = numbers(path)
    assert facts.num_frames == len(shown)
    assert shown == nearest(times, facts.fps, facts.seconds)
    assert numbers(path, start=80) == shown[80:]


def test_a_coarse_clock_still_tells_a_common_rate(tmp_path):
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / "clip.gif", pictures, rate=30, codec="gif", pix_fmt="rgb8"
    )
    assert probe(path).fps in (30.0, pytest.approx(30000 / 1001))
    assert numbers(path)[::15] == [0, 15, 30, 45, 60]


def test_lost_frames_leave_the_rest_in_place(tmp_path):
    kept = [index for index in range(100) if not 40 <= index < 48]
    pictures = [numbered(index) for index in kept]
    path = write_video(tmp_path / "clip.mp4", pictures, times=np.array(kept) * 40)
    assert not probe(path).is_variable
    shown = numbers(path)
    assert shown[:40] + shown[48:] == kept
    assert set(shown[40:48]) == {39, 48}


@pytest.mark.parametrize(
    ("rate", "fps", "step"),
    [
        (24, 24.0, 1),
        (Fraction(30000, 1001), 30000 / 1001, 1),
        (12.5, 12.5, 1),
        (60, 60.0, 1),
        (Fraction(120000, 1001), 60000 / 1001, 2),
        (240, 60.0, 4),
        (100, 50.0, 2),
    ],
)
def test_high_rates_are_halved(tmp_path, rate, fps, step):
    rate = Fraction(rate)
    num_frames = round(2.1 * rate)
    pictures = [numbered(index % 256) for index in range(num_frames)]
    path = write_video(tmp_path / "clip.mp4", pictures, rate, preset="ultrafast")
    facts = probe(path)
    assert facts.fps == pytest.approx(fps, rel=1e-9)
    assert facts.seconds == pytest.approx(float(num_frames / rate), abs=0.002)
    shown = numbers(path)
    assert shown == [index % 256 for index in range(0, num_frames, step)]
    assert abs(len(shown) - facts.num_frames) <= 1
