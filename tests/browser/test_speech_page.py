"""Typed text, spoken in a real browser: when, with which phonemes, and lips in step."""

import json
import subprocess

import numpy as np
import pytest
from visits import WEB_DEMO, needs_browser, run, serving, tell

from keras_anchor.anchors import load_anchor
from keras_anchor.demo import build_server
from keras_anchor.drive.speaking import speak_sentences

pytest.importorskip("espeakng_loader", reason="espeak-ng for Python is not installed")
pytestmark = [
    *needs_browser,
    pytest.mark.skipif(
        not (WEB_DEMO / "espeak" / "node_modules").exists(),
        reason="the add-on is not installed: cd web_demo/espeak && npm ci",
    ),
]
SENTENCES = [
    ("en", "Good evening. The two leaders met in 2024, on Monday."),
    ("en-female", "Keras makes deep learning simple!"),
    ("zh", "大家晚上好，欢迎收看今天的新闻。"),
    ("zh-male", "我们的银行今天上涨了百分之五。"),
    ("zh", "熊猫和儿子都在这儿。"),
    ("mixed", "欢迎使用 TensorFlow，今天一共有 25 个人。"),
    ("mixed", "Welcome to 北京, we have 3 apples."),
]
# Python reads Chinese by its words, espeak-ng alone by its characters.
STRESS = str.maketrans("", "", "ˈˌ")
FRAME = 1 / 60
# Seconds between two looks at the lips.
STEP = 0.002


@pytest.fixture(scope="module")
def anchor():
    """Nothing is drawn: any anchor's controls will do."""
    return load_anchor()


@pytest.fixture(scope="module")
def heard(anchor, tmp_path_factory):
    """What was heard and shown, told by `e2e/speech.mjs`."""
    page = tmp_path_factory.mktemp("page")
    run("npx", "vite", "build", "e2e/speech", "--outDir", page, "--logLevel", "warn")
    run("node", "espeak/build.mjs", page / "espeak")
    server = build_server(anchor, host="127.0.0.1", port=0, page_folder=page)
    with serving(server) as address:
        return tell("speech.mjs", address, json.dumps(SENTENCES))


def find_lag(first, second):
    """Seconds by which the second is late."""
    first, second = first - first.mean(), second - second.mean()
    products = np.correlate(second, first, "full")
    return (products.argmax() - len(first) + 1) * STEP


def test_phonemes_are_those_of_python(heard):
    for (voice, text), utterances in zip(SENTENCES, heard["espeak"], strict=True):
        said = [p for u in utterances for p in u["phonemes"] if p["symbol"]]
        symbols = [p["symbol"].translate(STRESS) for p in said]
        expected = [
            p for s in speak_sentences(text, voice) for p in s.phonemes if p.symbol
        ]
        assert symbols == [p.symbol.translate(STRESS) for p in expected]
        if voice.startswith("en"):
            assert [p["symbol"] for p in said] == [p.symbol for p in expected]
        seconds = sum(p["end"] - p["start"] for p in said)
        assert seconds == pytest.approx(sum(p.end - p.start for p in expected), rel=0.1)


def test_phonemes_fill_the_sound(heard):
    for utterance in sum(heard["espeak"], []):
        phonemes = utterance["phonemes"]
        ends = [0.0, *(p["end"] for p in phonemes)]
        np.testing.assert_allclose([p["start"] for p in phonemes], ends[:-1], atol=1e-6)
        assert ends[-1] == pytest.approx(utterance["seconds"], abs=1e-3)
        assert 0.1 < utterance["peak"] < 0.9


@pytest.mark.parametrize("voice", ["espeak_cold", "espeak_warm", "server"])
def test_a_sentence_is_told_with_the_time_at_which_it_is_heard(heard, voice):
    for time in heard["times"][voice]:
        assert 0 < time["scheduled"] < time["heard"]


@pytest.mark.parametrize("speech", ["recorded", "server"])
def test_lips_and_sound_are_within_a_frame(heard, speech):
    error, lag = fit_lips(heard[speech])
    assert error < 0.01
    assert abs(lag) < FRAME


def fit_lips(recorded):
    """How far shown lips are from rehearsed ones at best, and when: seconds late."""
    rehearsed = recorded["rehearsed"]
    jaw = np.array(rehearsed["jaw"])
    begin = recorded["onset"] - rehearsed["quiet"]
    times = begin + (np.arange(len(jaw)) + 0.5) / rehearsed["fps"]
    seconds, shown = np.transpose([(k["seconds"], k["jaw"]) for k in recorded["shown"]])
    # Lips that begin need a moment to get going.
    is_said = (seconds > begin + 0.15) & (seconds < begin + rehearsed["seconds"])
    seconds, shown = seconds[is_said], shown[is_said]
    lags = np.arange(-0.1, 0.1, STEP)
    errors = [
        np.abs(shown - np.interp(seconds - lag, times, jaw)).mean() for lag in lags
    ]
    return min(errors), lags[np.argmin(errors)]


@pytest.mark.parametrize("speech", ["recorded", "mixed"])
def test_the_jaw_opens_with_loudness(heard, speech):
    recorded = heard[speech]
    blocks, looks = recorded["loudness"], recorded["shown"]
    times = np.array([block["seconds"] for block in blocks])
    grid = np.arange(looks[0]["seconds"], looks[-1]["seconds"], STEP)
    power = np.interp(grid, times, [block["power"] for block in blocks])
    loudness = np.sqrt(np.convolve(power, np.hanning(41) / 20, "same"))
    jaw = np.interp(grid, [k["seconds"] for k in looks], [k["jaw"] for k in looks])
    assert np.corrcoef(loudness, jaw)[0, 1] > 0.5
    assert abs(find_lag(loudness, jaw)) < 0.04


def test_sentences_begin_when_the_speaker_says_so(heard):
    recorded = heard["recorded"]
    rehearsed = recorded["rehearsed"]
    begin = recorded["onset"] - rehearsed["quiet"]
    first, second = (sentence["seconds"] for sentence in recorded["sentences"])
    assert first == pytest.approx(begin, abs=FRAME)
    assert second - first == pytest.approx(rehearsed["seconds"], abs=0.01)


def test_stopping_fades_at_once_and_shuts_the_mouth(heard):
    stopped = heard["stopped"]
    assert 0 < stopped["silent"] - stopped["stopped"]["context"] < 0.06
    looks = stopped["shown"]
    end = stopped["stopped"]["seconds"]
    assert max(k["jaw"] for k in looks if k["seconds"] < end) > 0.1
    assert max(k["jaw"] for k in looks if k["seconds"] > end + 0.2) < 0.01
    assert stopped["ended"] - end < 0.1


def test_a_new_text_interrupts_the_one_before(heard):
    first, second = heard["interrupted"]
    # All of the first text would take longer than its first sentence and the second.
    assert first < heard["recorded"]["rehearsed"]["seconds"] + second


def test_a_long_text_is_made_as_it_is_heard(heard):
    # Some ten seconds, of sentences of two.
    assert 3 <= heard["num_ahead"] <= 8


def test_the_server_performs_what_it_says(heard, anchor):
    assert [u["text"] for u in heard["served"]][0] == "Good evening."
    for utterance in heard["served"]:
        assert utterance["names"] == list(anchor.names)
        seconds = utterance["frames"] / utterance["fps"]
        assert utterance["seconds"] == pytest.approx(seconds, abs=1e-3)
    assert max(look["jaw"] for look in heard["server"]["shown"]) > 0.1


def test_a_page_nobody_has_touched_says_so(heard):
    assert "until you click or press a key" in heard["untouched"]


def test_without_the_add_on_a_sentence_says_how_to_get_it(heard):
    for sentence in heard["lacking"].values():
        assert "keras-anchor demo --install-espeak" in sentence
    assert "espeak-ng.data (status 404)" in heard["lacking"]["broken"]


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("nothing", "Expected text with letters or digits"),
        ("thai", "Expected English or Chinese"),
        ("voice", "no voice `klingon`"),
        ("engine", "Unknown engine `phone`"),
        ("browser", "no voices of its own"),
        ("mood", "Unknown mood"),
    ],
)
def test_what_cannot_be_said_is_a_plain_sentence(heard, case, sentence):
    assert sentence in heard["refused"][case]


def test_the_add_on_is_small_and_says_where_its_source_is(tmp_path):
    run("node", "espeak/build.mjs", tmp_path)
    names = {"COPYING", "SOURCE.md", "espeak-ng.data", "espeak-ng.js"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3.5e6
    assert "github.com/espeak-ng" in (tmp_path / "SOURCE.md").read_text()


def test_the_add_on_asks_for_a_folder():
    result = subprocess.run(
        ["node", "espeak/build.mjs"], cwd=WEB_DEMO, capture_output=True, text=True
    )
    assert result.returncode == 2
    assert "node build.mjs FOLDER" in result.stderr


def test_the_browser_has_no_complaints(heard):
    assert heard["errors"] == []
