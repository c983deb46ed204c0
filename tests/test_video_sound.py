"""Sound of a video, in step with its pictures."""

import numpy as np
import pytest
from videos import (
    BEEP,
    BEEP_SECONDS,
    HEIGHT,
    RATE,
    WIDTH,
    beeping,
    encode_sound,
    numbered,
    numbers,
    spoil,
    write_video,
)

from keras_anchor.data.takes import write_wav
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound, sound_blocks

av = pytest.importorskip("av")


def beeping_video(path, seconds=3.0, starts=0.0, **options):
    pictures = [numbered(index) for index in range(75)]
    sound = beeping(seconds, starts), RATE, starts
    return write_video(path, pictures, sound=sound, **options)


@pytest.mark.parametrize("name", ["clip.mov", "clip.mkv"])
@pytest.mark.parametrize("starts", [0.0, 0.6, -0.6])
def test_sound_is_in_step_with_the_picture(tmp_path, name, starts):
    late = max(0.0, -starts)
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / name,
        pictures,
        times=1000 * late + np.arange(75) * 40,
        sound=(beeping(3.6, starts), RATE, starts + late),
    )
    facts = probe(path)
    assert facts.has_sound
    assert facts.start_time == pytest.approx(late, abs=0.002)
    assert facts.num_frames == len(numbers(path)) == 75
    sound = read_sound(path, facts.seconds)
    assert sound.dtype == np.float32
    assert len(sound) == 3 * SAMPLE_RATE
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(BEEP, abs=0.003)
    assert loud[-1] == pytest.approx(BEEP + BEEP_SECONDS, abs=0.003)
    heard = np.flatnonzero(np.abs(sound) > 0.01) / SAMPLE_RATE
    assert heard[0] == pytest.approx(max(0.0, starts), abs=0.003)
    assert heard[-1] == pytest.approx(3.0, abs=0.003)


def test_sound_whose_clock_is_slow_stays_in_step(tmp_path):
    """The microphone's second lasts 0.8 % too long, as its timestamps say."""
    pictures = [numbered(index % 256) for index in range(300)]
    rate, true_rate = 48000, round(48000 / 1.008)
    times = np.arange(12 * true_rate) / true_rate
    samples = np.where((times >= 10.0) & (times < 10.1), 0.8, 0.02) * np.sin(
        2 * np.pi * 500 * times
    )
    path = tmp_path / "clip.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        packets = []
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            packets += stream.encode(frame)
        packets += stream.encode()
        for packet in encode_sound(container, samples, rate, 0.0):
            packet.pts = packet.dts = round(packet.pts * rate / true_rate)
            packets.append(packet)
        container.mux(packets)
    sound = read_sound(path, 12.0)
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(10.0, abs=0.01)
    assert loud[-1] == pytest.approx(10.1, abs=0.01)


def test_silence_follows_sound_that_ends_early(tmp_path):
    path = beeping_video(tmp_path / "clip.mov", seconds=2.0)
    sound = read_sound(path, 3.0)
    assert len(sound) == 3 * SAMPLE_RATE
    assert np.abs(sound[round(1.9 * SAMPLE_RATE) : 2 * SAMPLE_RATE - 50]).max() > 0.04
    assert np.abs(sound[round(2.01 * SAMPLE_RATE) :]).max() == 0.0


def test_sound_comes_in_blocks_that_fit_a_file(tmp_path):
    path = beeping_video(tmp_path / "clip.mov")
    blocks = list(sound_blocks(path, 2.5))
    assert max(len(block) for block in blocks) <= SAMPLE_RATE
    write_wav(tmp_path / "blocks.wav", iter(blocks), SAMPLE_RATE)
    write_wav(tmp_path / "whole.wav", read_sound(path, 2.5), SAMPLE_RATE)
    written = (tmp_path / "blocks.wav").read_bytes()
    assert written == (tmp_path / "whole.wav").read_bytes()
    assert len(written) == 44 + 2 * round(2.5 * SAMPLE_RATE)


def test_a_video_without_sound_has_none(tmp_path):
    pictures = [numbered(index) for index in range(75)]
    assert read_sound(write_video(tmp_path / "clip.mp4", pictures), 3.0) is None


def aac_video(path):
    sound = beeping(3.0), RATE, 0.0, "aac"
    return write_video(path, [numbered(index) for index in range(75)], sound=sound)


def test_a_hole_in_the_sound_becomes_silence(tmp_path):
    path = spoil(aac_video(tmp_path / "clip.mp4"), "audio", 0.6, 0.8)
    with pytest.warns(UserWarning, match="silence stands for .* of its .* pieces"):
        sound = read_sound(path, 3.0)
    assert (
        np.abs(sound[round(1.95 * SAMPLE_RATE) : round(2.3 * SAMPLE_RATE)]).max() < 0.01
    )
    assert np.abs(sound[round(2.6 * SAMPLE_RATE) : -4800]).max() > 0.04
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(BEEP, abs=0.01)


def test_sound_that_is_mostly_damaged_is_refused(tmp_path):
    path = spoil(aac_video(tmp_path / "clip.mp4"), "audio", 0.1, 0.95)
    with pytest.raises(ValueError, match="sound of .* is damaged.*Leave it out"):
        read_sound(path, 3.0)
