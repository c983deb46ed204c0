import os
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.camera import Microphone, Webcam, even_out, measure_fps, open_camera
from keras_anchor.cli import main
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import read_sound
from keras_anchor.films import SYNTHETIC, add_sound, write_film
from keras_anchor.frames import composite
from keras_anchor.record import (
    FILMED,
    LiveCoverage,
    draw_monitor,
    read_prompts,
    record,
)
from keras_anchor.render import Renderer

av = pytest.importorskip("av")

FPS, RATE = 10, 48000


@pytest.fixture(scope="module")
def camera(tmp_path_factory):
    """A video that stands for a camera: six seconds of a mouth that opens wide."""
    controls = np.tile(ctl.NEUTRAL, (60, 1))
    controls[:, ctl.INDEX["jawOpen"]] = 0.4 - 0.4 * np.cos(np.arange(60) / 4)
    renderer = Renderer(load_anchor())
    frames = [composite(renderer(row), (90, 100, 110)) for row in controls]
    path = tmp_path_factory.mktemp("camera") / "camera.mp4"
    tone = 0.5 * np.sin(np.arange(6 * RATE) * 2 * np.pi * 440 / RATE)
    return write_film(path, frames, FPS, tone.astype("float32"), RATE)


def test_a_camera_is_filmed_with_its_sound(camera, tmp_path, capsys):
    path = record(tmp_path / "clip.mp4", camera=str(camera), has_window=False)
    filmed, shown = list(read_frames(path)), list(read_frames(camera))
    assert len(filmed) == len(shown) == 60
    for first, second in zip(filmed, shown, strict=True):
        assert np.abs(first.astype(int) - second).mean() < 3.0
    sound = read_sound(path, 6.0)
    assert len(sound) == pytest.approx(6 * RATE, abs=2048)
    assert np.argmax(np.abs(np.fft.rfft(sound[:RATE]))) == pytest.approx(440, abs=2)
    with av.open(str(path)) as container:
        assert container.metadata["comment"] == FILMED != SYNTHETIC
    printed = capsys.readouterr().out
    assert "✓ jaw (" in printed
    assert "· poses" in printed
    assert list(tmp_path.iterdir()) == [path]


def test_filming_ends_in_time(camera, tmp_path):
    path = tmp_path / "clip.mp4"
    arguments = ["--camera", str(camera), "--seconds", "2", "--no-window"]
    assert main(["record", "--to", str(path), *arguments]) == 0
    assert probe(path).num_frames == 20


def test_control_c_keeps_what_was_filmed(camera, tmp_path):
    path, endless = tmp_path / "clip.mp4", tmp_path / "endless.mp4"
    frames = list(read_frames(camera)) * 40
    write_film(endless, frames, FPS)
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_anchor.cli", "record", "--to", str(path)]
        + ["--camera", str(endless), "--seconds", "10000", "--no-window"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    while "✓" not in process.stdout.readline():  # It films.
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert 10 < len(list(read_frames(path))) < len(frames)


def test_the_even_rate_repeats_and_drops():
    moments = [0.0, 0.1, 0.32, 0.33, 0.4]
    shown = list(even_out(zip(moments, "abcde", strict=True), 10.0))
    assert shown == ["a", "b", "b", "d", "e"]


@pytest.mark.parametrize("fps", [15.0, 24.0, 30.0])
def test_the_rate_is_measured(fps, rng):
    moments = np.arange(60) / fps + rng.normal(0.0, 0.002, 60)
    measured, pictures = measure_fps(zip(moments, range(60), strict=True))
    assert measured == fps
    assert [image for _, image in pictures] == list(range(60))


def test_a_camera_without_pictures_is_explained():
    with pytest.raises(ValueError, match="camera gives no picture. Close what else"):
        measure_fps([])


def test_a_camera_that_is_not_there_is_explained(tmp_path):
    with pytest.raises(ValueError, match="Camera 99 can't be opened. Plug it in"):
        record(tmp_path / "clip.mp4", camera="99", has_window=False)
    assert list(tmp_path.iterdir()) == []


def test_a_clip_is_not_overwritten(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"mine")
    with pytest.raises(ValueError, match="exists already. Name another clip"):
        record(path, has_window=False)
    assert path.read_bytes() == b"mine"


def test_only_mp4_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"Expected a clip to write such as `me.mp4`"):
        record(tmp_path / "clip.webm", has_window=False)


def test_a_webcam_is_read_as_it_comes(camera):
    reader = Webcam(cv2.VideoCapture(str(camera)))
    pictures = []
    for moment, image in reader:
        pictures.append((moment, image))
        if len(pictures) == 20:
            break
    reader.stop()
    moments = [moment for moment, _ in pictures]
    assert moments[0] == 0.0
    assert moments == sorted(moments)
    assert time.monotonic() - reader.started < 60.0
    first = next(iter(read_frames(camera)))
    np.testing.assert_array_equal(pictures[0][1], first)


@pytest.mark.parametrize("early", [0.005, -0.005])
def test_sound_starts_with_the_first_picture(early):
    microphone, click = Microphone("0"), np.ones((480, 1), "float32")
    for block in (click, 0 * click):
        microphone.hear(block, len(block), None, None)
    sound = microphone.stop(microphone.started + early, 1.0)
    assert len(sound) == pytest.approx(960 - early * RATE, abs=1)
    assert sound.sum() == pytest.approx(480 - max(0.0, early) * RATE, abs=1)


def test_filming_goes_on_without_a_microphone(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with Microphone("0") as microphone:
        assert microphone.stop(0.0, 1.0) is None
    printed = capsys.readouterr().out
    assert "Filming without sound" in printed
    assert 'pip install "keras-anchor[record]"' in printed


def test_sound_is_laid_beside_the_picture(camera, tmp_path, rng):
    path = write_film(tmp_path / "film.mp4", read_frames(camera), FPS)
    click = np.zeros(6 * RATE, "float32")
    click[3 * RATE : 3 * RATE + 4800] = rng.uniform(-0.8, 0.8, 4800)
    add_sound(path, click, RATE)
    sound = np.abs(read_sound(path, 6.0))
    assert np.argmax(sound > 0.2) == pytest.approx(3 * RATE, abs=1500)
    assert len(list(read_frames(path))) == 60


def test_the_window_shows_text_and_ticks(camera):
    with open_camera(str(camera)) as pictures:
        moment, image = next(iter(pictures))
    coverage = LiveCoverage()
    prompts = read_prompts("en", 90.0)
    before = draw_monitor(image, prompts, 0.0, coverage)
    later = draw_monitor(image, prompts, 20.0, coverage)
    assert before.shape == later.shape == (720, 960, 3)
    assert (before[:200] != later[:200]).any()
    np.testing.assert_array_equal(before[230:600, 40:600], later[230:600, 40:600])
    coverage.items[0].parts = dict.fromkeys(coverage.items[0].parts, True)
    ticked = draw_monitor(image, prompts, 20.0, coverage)
    assert (ticked[215:250, 740:] != later[215:250, 740:]).any()
