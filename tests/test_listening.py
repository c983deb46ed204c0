"""The network that listens, and what it says of speech whose phonemes are known."""

from importlib.util import find_spec

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.drive.listening import corpus
from keras_anchor.drive.listening.hearing import LISTENER, Ear, listen
from keras_anchor.drive.listening.outputs import (
    DELAY,
    HOP,
    HOPS_PER_SECOND,
    SAMPLE_RATE,
    WINDOW,
    find_mouth,
    make_targets,
)
from keras_anchor.drive.performing import move_mouth
from keras_anchor.drive.speech import Phoneme, Speech
from keras_anchor.drive.viseme_table import VisemeTable
from keras_anchor.files import read_json, write_json

JAW, CLOSE = ctl.INDEX["jawOpen"], ctl.INDEX["mouthClose"]
PHONEMES = [
    Phoneme(0.0, 0.2, ""),
    Phoneme(0.2, 0.3, "m"),
    Phoneme(0.3, 0.6, "ˈɑː"),
    Phoneme(0.6, 0.7, "p"),
    Phoneme(0.7, 1.0, ""),
]


@pytest.fixture(scope="module")
def spoken():
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.speaking import speak

    text = "The prime minister put more money into public hospitals. People approve."
    return speak(text, "en").padded(0.5, 0.8)


def correlate(one, other):
    return np.corrcoef(one, other)[0, 1]


def test_hops_say_what_sequences_say():
    keras = pytest.importorskip("keras")
    from keras_anchor.drive.listening.network import Listener

    keras.utils.set_random_seed(0)
    listener = Listener(["jawOpen", "mouthClose"], ["rest", "lips_meet"], 8, 8)
    whole, hop = listener.sequence_model(), listener.hop_model()
    sound = np.random.default_rng(0).normal(0, 0.1, 20 * HOP).astype("float32")
    truth = whole(keras.ops.convert_to_tensor(corpus.cut_windows(sound)[None]))
    state, rows = keras.ops.zeros((1, hop.inputs[1].shape[1])), []
    for part in sound.reshape(-1, 1, HOP):
        said = hop([keras.ops.convert_to_tensor(part), state])
        state = said["new_state"]
        rows.append(np.array(said["controls"])[0])
    np.testing.assert_allclose(rows, np.array(truth["controls"])[0], atol=1e-5)


def test_log_mel_hears_a_tone_in_its_own_band_ten_times_as_loud_two_higher():
    keras = pytest.importorskip("keras")
    from keras_anchor.drive.listening.network import SCALE, LogMel, mel_bands

    times = np.arange(WINDOW) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 1000.0 * times).astype("float32")
    tensor = keras.ops.convert_to_tensor(np.stack([0.01 * tone, 0.1 * tone]))
    quiet, loud = np.array(LogMel()(tensor))
    nearest = mel_bands(48)[round(1000.0 * WINDOW / SAMPLE_RATE)].argmax()
    assert quiet.argmax() == loud.argmax() == nearest
    assert loud.max() - quiet.max() == pytest.approx(np.log(100.0) / SCALE, abs=1e-3)


def test_targets_shut_the_lips_where_phonemes_do():
    table = VisemeTable()
    values, visemes = make_targets(PHONEMES, 100, table)
    names = find_mouth(table)
    opening = values[:, names.index("jawOpen")] - values[:, names.index("mouthClose")]
    assert opening[25] < 0.01 < 0.1 < opening[45]
    assert opening[65] < 0.01
    order = list(table.shapes)
    assert order[visemes[10]] == "rest"
    assert order[visemes[25]] == "lips_meet"


def test_playing_faster_keeps_values_with_their_sounds():
    num_hops = 100
    ramp = np.linspace(0, 0.9, num_hops * HOP, dtype="float32")
    values = np.linspace(0, 0.9, num_hops, dtype="float32")[:, None]
    sound, moved, _ = corpus.play_at_pace(ramp, values, np.zeros(num_hops, int), 1.2)
    assert len(moved) == 83
    middles = sound.reshape(-1, HOP).mean(1)
    np.testing.assert_allclose(middles, moved[:, 0], atol=0.012)


def test_crops_repeat_with_their_seed_and_delay_what_is_said():
    sound = np.random.default_rng(0).normal(0, 0.1, 200 * HOP).astype("float32")
    loud = np.ones((200, 1), "float32")
    utterances = [(sound, loud, np.ones(200, "int32"))]
    one, other = (corpus.Crops(utterances, 0, seed=3)() for _ in range(2))
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first, second)
    assert not one[1][:DELAY].any()
    assert (one[2][:DELAY] == 0).all()


@pytest.mark.slow
def test_training_goes_on_from_what_it_left(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    from keras_anchor.drive.listening import train as training
    from keras_anchor.drive.listening.network import Listener

    monkeypatch.setattr(training, "STEPS_PER_EPOCH", 1)
    monkeypatch.setattr(training, "BATCH_SIZE", 2)
    noise = np.random.default_rng(0).normal(0, 3000, 500 * HOP).astype("int16")
    np.savez(tmp_path / "corpus.npz", noise)
    phonemes = [(p.start, p.end, p.symbol) for p in PHONEMES]
    write_json(tmp_path / "corpus.json", [{"phonemes": phonemes}])
    weights = tmp_path / "run" / "listener.weights.h5"
    training.train([tmp_path / "corpus.npz"], tmp_path / "run", minutes=0.001)
    config = read_json(tmp_path / "run" / "config.json")
    model = Listener(config["controls"], config["visemes"]).sequence_model()
    model.load_weights(weights)
    bias = model.get_layer("controls").bias
    bias.assign(bias + 5.0)
    model.save_weights(weights)
    training.train([tmp_path / "corpus.npz"], tmp_path / "run", minutes=0.001)
    model.load_weights(weights)
    assert np.array(bias).min() > 4.9
    assert len((tmp_path / "run" / "log.jsonl").read_text().splitlines()) == 2
    assert not list((tmp_path / "run").glob("part-*"))


def test_stream_says_the_same_in_whatever_pieces_it_comes(spoken):
    sound = spoken.sound[:16000]
    whole, pieces = Ear()(sound), Ear()
    edges = [0, 100, 1000, 1001, 9999, len(sound)]
    parts = [pieces(sound[a:b]) for a, b in zip(edges, edges[1:], strict=False)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_what_comes_later_changes_nothing_before():
    noise = np.random.default_rng(0).normal(0, 0.1, 50 * HOP).astype("float32")
    other = noise.copy()
    other[40 * HOP :] = 0
    np.testing.assert_array_equal(Ear()(noise)[:40], Ear()(other)[:40])


def test_mouth_opens_with_the_voice_and_without_lag(spoken):
    heard = listen(spoken.sound, spoken.sample_rate, HOPS_PER_SECOND)
    from keras_anchor.drive.visemes import mouth_controls

    truth = mouth_controls(spoken.phonemes, len(heard), HOPS_PER_SECOND)
    scores = [
        correlate(truth[20:-20, JAW], np.roll(heard[:, JAW], -lag)[20:-20])
        for lag in range(-8, 9)
    ]
    assert max(scores) > 0.8
    assert abs(int(np.argmax(scores)) - 8) <= 3


def test_lips_meet_where_they_must(spoken):
    heard = listen(spoken.sound, spoken.sample_rate, HOPS_PER_SECOND)
    opening = heard[:, JAW] - heard[:, CLOSE]
    met = [
        opening[round(100 * p.start) : round(100 * p.end) + 1].min() < 0.02
        for p in spoken.phonemes
        if p.symbol[:1] in tuple("mbp")
    ]
    assert len(met) >= 8
    assert np.mean(met) >= 0.8


def test_silence_and_a_quiet_room_leave_the_mouth_shut():
    rng = np.random.default_rng(0)
    for level in (0.0, 1e-4):
        sound = rng.normal(0, 1, 32000).astype("float32") * np.float32(level)
        assert Ear()(sound)[30:].max() < 0.02


@pytest.mark.parametrize("rate", [8000, 96000])
def test_sample_rates_hear_alike(spoken, rate):
    from keras_anchor.drive.speech import resample

    usual = listen(spoken.sound, spoken.sample_rate, 25)
    moved = resample(spoken.sound, spoken.sample_rate, rate)
    heard = listen(moved, rate, 25)
    assert heard.shape == usual.shape
    assert correlate(heard[:, JAW], usual[:, JAW]) > (0.9 if rate == 8000 else 0.99)


def test_loudness_matters_little(spoken):
    usual = listen(spoken.sound, spoken.sample_rate, 25)
    quiet = listen(0.05 * spoken.sound, spoken.sample_rate, 25)
    np.testing.assert_allclose(quiet, usual, atol=1e-3)


def test_openness_scales_the_jaw_and_keeps_lips_that_meet(spoken):
    heard = Speech(spoken.sound, spoken.sample_rate, [])
    usual, small = (move_mouth(heard, 25, openness) for openness in (1.0, 0.5))
    np.testing.assert_allclose(small[:, JAW], 0.5 * usual[:, JAW], atol=1e-6)
    shut = usual[:, CLOSE] == usual[:, JAW]
    np.testing.assert_allclose(small[shut, CLOSE], small[shut, JAW], atol=1e-6)


@pytest.mark.slow
def test_an_export_that_differs_leaves_what_was_there(tmp_path, monkeypatch):
    keras = pytest.importorskip("keras")
    if find_spec("tensorflowjs") is None:
        pytest.skip("TF.js models need tensorflowjs")
    from keras_anchor.drive.listening.network import Listener
    from keras_anchor.export import listener as export

    keras.utils.set_random_seed(0)
    config = {"controls": ["jawOpen", "mouthClose"], "visemes": ["rest", "lips_meet"]}
    write_json(tmp_path / "config.json", config)
    model = Listener(*config.values()).sequence_model()
    model.save_weights(tmp_path / "listener.weights.h5")
    folder = tmp_path / "assets"
    (folder / "tfjs").mkdir(parents=True)
    (folder / "listener.tflite").write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(export, "MAX_DIFFERENCE", -1.0)
        with pytest.raises(ValueError, match="listener differs from the Keras model"):
            export.export_listener(tmp_path, folder)
    assert (folder / "listener.tflite").read_bytes() == b"old"
    assert not list((folder / "tfjs").iterdir())
    assert max(export.export_listener(tmp_path, folder).values()) <= 1e-3
    assert (folder / "tfjs" / "model.json").is_file()


def test_network_is_small_and_its_formats_agree():
    facts = read_json(LISTENER.with_suffix(".json"))
    assert facts["num_parameters"] <= 500_000
    assert facts["controls"] == list(ctl.NAMES)
    assert set(facts["differences"]) == {"tflite", "tfjs"}
    assert max(facts["differences"].values()) <= 1e-3


@pytest.mark.parametrize("name", ["speech_en.wav", "speech_zh.wav"])
def test_real_speech_moves_the_mouth_and_its_pauses_shut_it(footage_folder, name):
    path = footage_folder / name
    if not path.is_file():
        pytest.skip(f"no {name} among the footage")
    pytest.importorskip("av")
    from keras_anchor.drive.voices.recorded import read_recording

    sound, rate = read_recording(path)
    heard = listen(sound, rate, 25)
    opening = heard[:, JAW] - heard[:, CLOSE]
    blocks = np.array_split(sound, len(opening))
    loudness = np.array([np.sqrt(np.mean(block**2)) for block in blocks])
    scores = [
        correlate(np.sqrt(loudness[5:-5]), np.roll(opening, -lag)[5:-5])
        for lag in range(-4, 5)
    ]
    assert max(scores) > 0.55
    assert abs(int(np.argmax(scores)) - 4) <= 1
    quiet = np.convolve(loudness > 0.02 * loudness.max(), np.ones(9), "same") == 0
    assert quiet.sum() > 5
    assert opening[quiet].max() < 0.02 * opening.max()
