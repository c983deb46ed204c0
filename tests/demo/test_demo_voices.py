import json
import sys
import threading
import time

import numpy as np
import pytest
from serving import ask, fetch, read_sound

from keras_anchor import controls as ctl
from keras_anchor.demo.speaking import Speaker, list_voices
from keras_anchor.drive.voices import espeak_engine


def test_every_voice_that_is_listed_speaks(server):
    voices = json.loads(fetch(server.server_port, "/voices.json")[2])["voices"]
    assert voices == list_voices()
    assert {"engine": "espeak", "name": "en", "label": "English"} in voices
    quick = [voice for voice in voices if voice["engine"] == "espeak"]
    for voice in quick:
        text = "新闻。" if voice["name"].startswith("zh") else "News."
        request = {"text": text, "voice": voice["name"], "engine": voice["engine"]}
        assert ask(server, request)[0] == 200


def test_natural_voices_speak_where_they_are_installed(server):
    natural = [voice for voice in list_voices() if voice["engine"] == "kokoro"]
    if not natural:
        pytest.skip("the natural voices are not installed")
    request = {"text": "News.", "voice": "en-male", "engine": "kokoro"}
    status, (line,) = ask(server, request)
    assert (status, line["sample_rate"]) == (200, 24000)
    assert np.abs(read_sound(line)).max() > 1000


def test_without_a_voice_the_pip_line_is_named(server, monkeypatch):
    espeak_engine.make_espeak.cache_clear()
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    try:
        status, (line,) = ask(server, {"text": "Hi."})
        assert list_voices() == []
    finally:
        espeak_engine.make_espeak.cache_clear()
    assert status == 503
    assert 'pip install "keras-anchor[speech]"' in line["error"]


def test_those_who_ask_at_once_share_one_engine(monkeypatch):
    made = []

    class Slow(espeak_engine.Espeak):
        def __init__(self, *paths):
            made.append(1)
            time.sleep(0.3)
            super().__init__(*paths)

    monkeypatch.setattr(espeak_engine, "Espeak", Slow)
    espeak_engine.make_espeak.cache_clear()
    speaker = Speaker(25, ["jawOpen"])
    threads = [
        threading.Thread(target=lambda: list(speaker.perform({"text": "Hi."})))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_controls_that_the_anchor_does_not_know_are_left_out():
    names = ["jawOpen", "headYaw"]
    (line,) = Speaker(25, names).perform({"text": "Hi."})
    assert line["names"] == names
    assert np.shape(line["controls"])[1] == 2
    assert set(names) < set(ctl.NAMES)
