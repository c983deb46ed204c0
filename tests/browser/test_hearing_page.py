"""Sound moves the mouth in the browser as in Python, and in step with what is heard."""

import io
import wave

import numpy as np
import pytest
from serving import make_anchor
from visits import needs_browser, run, serving, tell

from keras_anchor import controls as ctl
from keras_anchor.demo import build_server
from keras_anchor.drive.listening.hearing import listen
from keras_anchor.drive.speech import resample

pytestmark = needs_browser
RATE = 100
JAW = ctl.INDEX["jawOpen"]
FRAME_SECONDS = 0.040
MINUTES = 180


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    """The drivers on a page of their own, built as the page is."""
    folder = tmp_path_factory.mktemp("hearing")
    command = ["npx", "vite", "build", "e2e/hearing", "--config", "vite.config.ts"]
    run(*command, "--outDir", folder, "--emptyOutDir", "--logLevel", "error")
    return folder


@pytest.fixture(scope="module")
def visit(page_folder, tmp_path_factory):
    """Plays a sound to a driver, as `e2e/hearing.mjs` does, and returns what it saw."""
    anchor = make_anchor(tmp_path_factory.mktemp("anchor"))
    server = build_server(anchor, host="127.0.0.1", port=0, page_folder=page_folder)
    with serving(server) as address:

        def visit(what, sound):
            told = tell("hearing.mjs", address, what, sound)
            assert told["complaints"] == []
            return told

        yield visit


@pytest.fixture(scope="module")
def speech():
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.speaking import speak

    text = (
        "The prime minister put more money into public hospitals. People approve of "
        "that, and Mama may buy five more papers today."
    )
    return speak(text, "en").padded(0.6, 0.8)


@pytest.fixture(scope="module")
def spoken_path(speech, tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "speech.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, speech.sample_rate, 0, "NONE", ""))
        file.writeframes((speech.sound * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def long_path(speech, tmp_path_factory):
    """Three hours in 21 MB: a minute of speech, again and again."""
    av = pytest.importorskip("av")
    minute = np.resize(resample(speech.sound, speech.sample_rate, 16_000), 960_000)
    encoded = io.BytesIO()
    with av.open(encoded, "w", format="mp3") as file:
        stream = file.add_stream("mp3", rate=16_000, layout="mono", bit_rate=16_000)
        samples = (minute * 32767).astype("int16")[None]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 16_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    path = tmp_path_factory.mktemp("sound") / "long.mp3"
    encoded.seek(0)
    with av.open(encoded) as minute, av.open(str(path), "w") as file:
        packets = [packet for packet in minute.demux() if packet.size]
        stream = file.add_stream_from_template(minute.streams[0])
        time = 0
        for packet in packets * MINUTES:
            copy = av.Packet(bytes(packet))
            copy.stream, copy.time_base = stream, packet.time_base
            copy.pts = copy.dts = time
            copy.duration = packet.duration
            time += packet.duration
            file.mux(copy)
    return path


def read_jaws(said, clock):
    """When the page looked, in seconds of what was recorded there, and the jaws.

    Args:
        clock: `heard`, when the browser says that sound is heard; or `arrived`, when
            its first samples were there at all.
    """
    start = said["heard"]["seconds"]
    if clock == "heard":
        times = [look["heard"] - start for look in said["seen"]]
    else:
        arrival = said["heard"]["arrival"] + start
        times = [look["seconds"] - arrival for look in said["seen"]]
    jaws = [(look["values"] or {}).get("jawOpen", 0.0) for look in said["seen"]]
    return np.array(times), np.array(jaws)


def expect_jaws(sound, sample_rate, start=0.0):
    """A function from times to what Python hears in a sound that begins at `start`."""
    jaws = listen(np.asarray(sound, "float32"), sample_rate, RATE)[:, JAW]
    middles = start + (np.arange(len(jaws)) + 0.5) / RATE
    return lambda times: np.interp(times, middles, jaws)


def find_lag(times, jaws, expected):
    """By how many seconds jaws are late, and their correlation without that."""
    lags = np.arange(-0.2, 0.3, 0.005)
    found = [np.corrcoef(expected(times - lag), jaws)[0, 1] for lag in lags]
    return lags[np.argmax(found)], np.max(found)


def find_start(heard, speech):
    """Seconds of the recording at which the speech begins."""
    own = resample(speech.sound, speech.sample_rate, 16_000)
    recorded = np.array(heard["sound"], "float32") / 32767
    recorded = resample(recorded, int(heard["rate"]), 16_000)
    size = len(own) + len(recorded)
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(own, size))
    shift = np.fft.irfft(spectrum, size).argmax()
    return (shift if shift < size / 2 else shift - size) / 16_000


@pytest.fixture(scope="module")
def played(visit, spoken_path):
    return visit("file", spoken_path)


@pytest.fixture(scope="module")
def overheard(visit, spoken_path):
    return visit("microphone", spoken_path)


@pytest.fixture(scope="module")
def long_visit(visit, long_path):
    return visit("long", long_path)


def test_a_file_moves_the_jaw_as_python_does_in_step_with_its_sound(played, speech):
    said = played["said"]
    times, jaws = read_jaws(said, "heard")
    start = find_start(said["heard"], speech)
    expected = expect_jaws(speech.sound, speech.sample_rate, start)
    lag, correlation = find_lag(times, jaws, expected)
    assert correlation > 0.95
    assert abs(lag) < FRAME_SECONDS


def test_a_file_is_played_to_its_end_and_leaves_the_mouth_shut(played, speech):
    said = played["said"]
    assert said["hasEnded"]
    assert said["seconds"] == pytest.approx(speech.seconds, abs=0.05)
    assert not said["after"]
    assert played["errors"] == []


def test_no_hop_gets_lost_uncounted(played, speech):
    statistics = played["said"]["statistics"]
    num_hops = statistics["numHops"] + statistics["numDropped"]
    assert num_hops >= RATE * (speech.seconds - 0.1)


def test_what_comes_too_fast_is_dropped_and_the_newest_is_heard(visit, spoken_path):
    said = visit("flood", spoken_path)["said"]
    assert said["numHeard"] + said["numDropped"] == 2000
    assert said["numDropped"] > 0


def test_the_microphone_moves_the_jaw_as_python_does(overheard):
    said = overheard["said"]
    heard = said["heard"]
    sound = np.array(heard["sound"], "float32") / 32767
    expected = expect_jaws(sound, int(heard["rate"]))
    lag, correlation = find_lag(*read_jaws(said, "arrived"), expected)
    assert correlation > 0.95
    # The network's own 55 ms, a hop, and a frame.
    assert lag < 0.055 + 0.010 + FRAME_SECONDS


def test_a_microphone_that_is_unplugged_is_a_sentence(overheard):
    assert overheard["errors"] == [
        "The microphone is gone. Plug it in and start again."
    ]
    assert overheard["said"]["unplugged"] == {"states": ["ended"], "values": None}


def test_stopping_gives_the_microphone_back(overheard):
    assert overheard["said"]["stopped"] == {"states": ["ended"], "values": None}


@pytest.mark.parametrize(
    ("what", "remedy"), [("absent", "Plug one in"), ("refused", "Allow it for this")]
)
def test_no_microphone_is_a_sentence_and_a_way_on(visit, spoken_path, what, remedy):
    sentence = visit(what, spoken_path)["said"]
    assert remedy in sentence
    assert "drop a sound file" in sentence


def test_a_file_without_sound_is_a_sentence(visit, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("No sound.")
    sentence = visit("wrong", path)["said"]
    assert sentence.startswith("`notes.txt` is no sound that this browser can play.")


def test_three_hours_take_no_more_memory_than_a_minute(long_visit, long_path):
    sizes = long_visit["said"]["bytes"]
    first, *_, last = (size["heap"] for size in sizes)
    assert last - first < 2e6
    # Decoded, a minute of them would be 10 MB.
    assert sizes[-1]["process"] - sizes[0]["process"] < 40e6
    assert long_path.stat().st_size > 20e6


def test_a_seek_to_two_hours_goes_on_there(long_visit):
    said = long_visit["said"]
    assert said["sought"]["duration"] == pytest.approx(MINUTES * 60, rel=0.01)
    assert 7204 < said["sought"]["position"] < 7215
    assert max(said["jaws"]) > 0.1


def test_a_pause_shuts_the_mouth_and_ends_again(long_visit):
    said = long_visit["said"]
    assert not said["paused"]["isPlaying"]
    assert max(said["paused"]["jaws"]) == 0
    assert said["resumed"]["position"] > said["paused"]["position"] + 0.5
