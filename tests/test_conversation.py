import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from chat_server import serve, speaks
from conversing import RATE, SECONDS, make_speech, wait_for

from keras_anchor.conversation.live import live
from keras_anchor.conversation.microphone import MAX_WAITING, Microphone
from keras_anchor.conversation.pictures import Film, Pictures
from keras_anchor.conversation.rehearsal import warm_up
from keras_anchor.conversation.sounds import Clock, Speakers
from keras_anchor.conversation.stage import BLOCK_SECONDS
from keras_anchor.conversation.typed import is_typed, read_lines
from keras_anchor.data.video.sound import read_sound

av = pytest.importorskip("av")
pytest.importorskip("sklearn")
pytest.importorskip("opencc")
pytest.importorskip("espeakng_loader")

FAQ = "## When do you open?\nAt nine.\n\n## 什么时候开门？\n九点。\n"


@pytest.fixture
def faq(tmp_path):
    path = tmp_path / "faq.md"
    path.write_text(FAQ, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def without_a_screen(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def read_log(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_talk_becomes_a_film_and_a_log(faq, tmp_path, capsys):
    film, log = tmp_path / "talk.mp4", tmp_path / "talk.jsonl"
    lines = ["When do you open?", "什么时候开门？"]
    assert live(answers=faq, output=film, log=log, lines=lines) == film
    answered = [line["answered"] for line in read_log(log)]
    assert answered == ["At nine.", "九点。"]
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        seconds = float(video.duration * video.time_base)
        assert video.average_rate == 25
        assert float(audio.duration * audio.time_base) == pytest.approx(
            seconds, abs=0.1
        )
    sound = np.abs(read_sound(film, seconds))
    assert 1.5 < seconds < 60.0
    assert sound.max() > 0.1
    # It begins and ends in silence.
    assert max(sound[:480].max(), sound[-4800:].max()) < 0.01
    assert sorted(tmp_path.iterdir()) == sorted([faq, film, log])
    printed = capsys.readouterr()
    assert "adam: At nine." in printed.out


def test_without_screen_and_film_it_says_so_and_talks_on(faq, tmp_path, capsys):
    log = tmp_path / "log"
    assert live(answers=faq, log=log, lines=["When do you open?"]) is None
    assert read_log(log)[0]["answered"] == "At nine."
    told = capsys.readouterr().err
    assert "No pictures are shown: There is no screen here" in told
    assert "Write a film instead: give -o film.mp4\n" in told


def test_an_endpoint_answers_and_where_it_is_gets_told(tmp_path, capsys):
    with serve(speaks("At nine. ")) as (url, calls):
        log = tmp_path / "log"
        live(endpoint=url, model="small", system="Be brief.", log=log, lines=["When?"])
    assert read_log(log)[0]["answered"] == "At nine."
    assert calls[0][2]["messages"][0]["content"] == "Be brief."
    assert "is sent to" not in capsys.readouterr().err


def test_it_is_told_where_questions_are_sent(capsys):
    with pytest.raises(ValueError, match="There is no anchor"):
        live("nobody", endpoint="https://chat.example.org/v1", lines=[])
    assert "What is asked and answered is sent to chat.example.org" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "Expected one thing to answer from, .* received neither"),
        ({"answers": "faq.md", "endpoint": "http://localhost:1"}, "received both"),
        ({"answers": "missing.md"}, "There is no file missing.md to answer from"),
        ({"endpoint": "localhost:1"}, "Expected the endpoint's URL"),
        ({"answers": "faq.md", "output": "talk.avi"}, "Expected a film"),
        (
            {"answers": "faq.md", "output": "talk.webm"},
            "Expected a film such as `talk.mp4`",
        ),
        ({"answers": "faq.md", "voice": "klingon"}, "klingon"),
        ({"answers": "faq.md", "mood": "hangry"}, "hangry"),
        (
            {"answers": "faq.md", "background": "missing.jpg"},
            "background 'missing.jpg'",
        ),
        ({"answers": "faq.md", "log": "no/log"}, "The log .* can't be written"),
        (
            {"endpoint": "http://localhost:1", "key_from": "NO_SUCH_KEY"},
            "The environment variable NO_SUCH_KEY is not set",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(faq, settings, message, monkeypatch):
    monkeypatch.chdir(faq.parent)
    with pytest.raises(ValueError, match=message):
        live(**settings, lines=["When?"])
    assert list(faq.parent.iterdir()) == [faq]


def test_missing_packages_are_named(faq, tmp_path, monkeypatch, capsys):
    for name in ("av", "sounddevice"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError, match="need PyAV"):
        live(answers=faq, output=tmp_path / "talk.mp4", lines=[])
    live(answers=faq, lines=[])
    assert 'For sound: pip install "keras-anchor[live]"' in capsys.readouterr().err
    with pytest.raises(ModuleNotFoundError, match=r"Listening needs sounddevice"):
        live(answers=faq, listen=True, recognition=Ears(), lines=[])


def test_other_languages_are_loaded_while_the_talk_begins():
    said, goes_on = [], threading.Event()

    def speak(text):
        if not text.isascii():
            assert goes_on.wait(SECONDS)
        said.append(text)
        yield make_speech(0.3, text)

    assert warm_up(speak) == RATE
    assert len(said) == 1
    goes_on.set()
    wait_for(lambda: len(said) == 2)


def test_a_voice_of_one_script_is_warmed_up_and_one_of_none_refused():
    def speak(text):
        if text.isascii():
            raise ValueError("Nothing to say in Latin letters.")
        yield make_speech(0.3, text)

    assert warm_up(speak) == RATE
    with pytest.raises(ValueError, match="Latin letters"):
        warm_up(lambda text: speak("a"))


def test_a_microphone_that_nobody_listens_to_can_be_closed():
    class Stream:
        def close(self, ignore_errors):
            pass

    microphone = Microphone.__new__(Microphone)
    microphone.queue, microphone.stream = queue.SimpleQueue(), Stream()
    block = np.zeros((320, 1), "float32")
    for _ in range(MAX_WAITING + 9):
        microphone.hear(block, 320, None, None)
    microphone.close()
    assert len(list(microphone)) == MAX_WAITING


class Ears:
    """Recognises nothing."""

    def recognise(self, sound, sample_rate):
        return ""


def test_importing_it_needs_no_tensorflow():
    command = (
        "import sys; import keras_anchor.conversation.live;"
        "heavy = {'tensorflow', 'sklearn', 'faster_whisper', 'sounddevice', 'av'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", command], check=True)


def test_a_microphone_is_closed_where_the_talk_cannot_begin(faq, monkeypatch):
    opened = []

    class Device:
        def __init__(self):
            opened.append(self)

        def close(self):
            opened.remove(self)

    monkeypatch.setattr("keras_anchor.conversation.live.Microphone", Device)
    for fault in ({"output": "talk.avi"}, {"background": "no.jpg"}, {"log": "no/log"}):
        with pytest.raises(ValueError, match="Expected|can.t be written"):
            live(answers=faq, listen=True, recognition=Ears(), lines=[], **fault)
        assert not opened


COMMAND = (
    "import sys; from keras_anchor.conversation.live import live;"
    "live(answers=sys.argv[1], output=sys.argv[2])"
)


def start_process(faq, film):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(faq), str(film)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )


def count_frames(path):
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_control_c_leaves_a_whole_film(faq, tmp_path):
    film = tmp_path / "talk.mp4"
    process = start_process(faq, film)
    process.stdin.write("When do you open?\n")
    process.stdin.flush()
    assert process.stdout.readline() == "adam: At nine.\n"
    time.sleep(0.6)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert "Traceback" not in error
    assert count_frames(film) > 2
    assert sorted(tmp_path.iterdir()) == sorted([faq, film])


@pytest.mark.slow
def test_quit_ends_it_after_what_was_asked_before(faq, tmp_path):
    film = tmp_path / "talk.mp4"
    process = start_process(faq, film)
    lines = "什么时候开门？\nquit\nWhen do you open?\n"
    said, error = process.communicate(lines, timeout=120)
    assert process.returncode == 0, error
    assert said == "adam: 九点。\n"
    assert count_frames(film) > 15


def test_a_shut_window_ends_the_film_and_late_frames_are_left_out():
    class Screen:
        """A window that is shut after three frames."""

        shown = 0

        def show(self, pixels, due):
            self.shown += 1
            return self.shown < 3

    class Roll:
        frames = 0

        def add(self, pixels):
            self.frames += 1

    shown, now = queue.SimpleQueue(), time.monotonic()
    for index in range(20):
        late = 9.0 if 1 <= index < 10 else -9.0
        shown.put((now - late, np.zeros(62)))
    screen, roll = Screen(), Roll()
    pictures = Pictures(
        lambda controls: np.zeros((8, 8, 4), "uint8"), (0, 0, 0), screen, roll
    )
    assert pictures.show(shown, lambda: False) is False
    assert screen.shown == pictures.num_drawn == 3
    assert pictures.num_late == 9
    assert roll.frames == 11


def test_a_film_that_fails_is_told_and_leaves_nothing(tmp_path, full_disk):
    film = Film(tmp_path / "talk.mp4")
    frame = np.random.default_rng(0).integers(0, 255, (128, 128, 3), "uint8")
    with pytest.raises(OSError, match="File too large"), full_disk(4000):
        for _ in range(500):
            film.add(frame)
        film.finish(np.zeros(10, "float32"), 16_000)
    film.close()
    assert list(tmp_path.iterdir()) == []


class Device:
    """What PortAudio tells of time."""

    outputBufferDacTime, currentTime = 0.05, 0.02


def test_a_device_that_stops_or_keeps_no_time_is_replaced():
    delays, told = [], []

    def take(delay):
        delays.append(delay)
        return np.zeros(320, "float32")

    clock = Clock(take, 16_000, told.append)
    assert isinstance(clock.source, Speakers)
    clock.source.started = clock.source.last = time.monotonic()
    samples = np.ones((320, 1), "float32")
    clock.source.play(samples, 320, Device, None)
    assert delays == [pytest.approx(0.03)]
    assert not samples.any()
    assert clock.source.is_running()
    for _ in range(1000):  # 20 seconds of sound.
        clock.source.play(samples, 320, Device, None)
    start = time.monotonic()
    clock.check()
    assert len(told) == 1
    assert "has stopped, or keeps no time. The talk goes on without sound" in told[0]
    wait_for(lambda: len(delays) > 1010)
    clock.stop()
    assert len(delays) - 1001 <= 2 + (time.monotonic() - start) / BLOCK_SECONDS
    silent = Speakers(take, 16_000)
    silent.started = silent.last = time.monotonic() - 2.0
    assert not silent.is_running()


def test_lines_are_read_as_they_are_typed(tmp_path):
    assert list(read_lines(io.StringIO("a\nb"))) == ["a\n", "b"]
    path = tmp_path / "lines"
    path.write_bytes("什么？\r\n".encode() + b"\xff\nlast")
    with path.open(encoding="utf-8") as stream:
        lines = list(read_lines(stream))
        assert not is_typed(stream)
    assert lines == ["什么？\r\n", "\ufffd\n", "last"]
