import json

import pytest
from serving import ask, fetch, headers_of

from keras_anchor.demo import speaking


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Origin": "http://example.org"}, "Only the page"),
        ({"Origin": "null"}, "Only the page"),
        ({"Origin": "http://127.0.0.1:9"}, "Only the page"),
        ({"Sec_Fetch_Site": "cross-site"}, "Only the page"),
        ({"Sec_Fetch_Site": "same-site"}, "Only the page"),
        ({"Sec_Fetch_Site": "none"}, "Only the page"),
        ({"Origin": None, "Sec_Fetch_Site": None}, "Only the page"),
    ],
)
def test_other_sites_get_no_voice(server, changes, sentence):
    status, (line,) = ask(server, {"text": "Hello."}, **changes)
    assert status == 403
    assert sentence in line["error"]


def test_a_name_bound_to_this_machine_by_others_gets_no_voice(server):
    name = f"example.org:{server.server_port}"
    changes = {"Host": name, "Origin": f"http://{name}"}
    status, (line,) = ask(server, {"text": "Hello."}, **changes)
    assert status == 421
    assert "Open the page by the address" in line["error"]


@pytest.mark.parametrize("alone", ["Origin", "Sec-Fetch-Site"])
def test_one_word_of_the_browser_is_enough(server, alone):
    other = {"Origin": "Sec_Fetch_Site", "Sec-Fetch-Site": "Origin"}[alone]
    assert ask(server, {"text": "Hello."}, **{other: None})[0] == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Expected JSON"),
        (b"text", "Expected JSON"),
        (b"\xff\xfe\x00", "Expected JSON"),
        (b"[" * 100_000, "Expected JSON"),
        ([], "Expected a JSON object with `text`"),
        ({}, "Expected a JSON object with `text`"),
        ({"text": "Hi.", "speed": 2}, "received ['speed', 'text']"),
        ({"text": 7}, "Expected a text as `text`, received '7'"),
        ({"text": None}, "`text` is empty"),
        ({"text": " \n"}, "`text` is empty"),
        ({"text": "!?"}, "Nothing to say"),
        ({"text": "a" * 20_001}, "at most 20,000 characters, received 20,001"),
        ({"text": "Hi.", "voice": "nobody"}, "Unknown voice 'nobody'"),
        ({"text": "Hi.", "voice": 3}, "Expected the name of a voice as `voice`"),
        ({"text": "Hi.", "engine": "steam"}, "Unknown engine 'steam'"),
        ({"text": "Hi.", "mood": "green"}, "Unknown mood 'green'"),
        ({"text": "Hi.", "openness": 9}, "openness of the mouth from 0 to 3"),
        ({"text": "Hi.", "openness": True}, "Expected a number as `openness`"),
        (b'{"text": "Hi.", "openness": NaN}', "openness of the mouth"),
        ({"text": "สวัสดี"}, "can read Thai"),
    ],
)
def test_a_bad_request_is_answered_with_a_sentence(server, body, sentence):
    status, (line,) = ask(server, body)
    assert status == 400
    assert sentence in line["error"]
    assert "--skip-unreadable" not in line["error"]


@pytest.mark.parametrize("kind", [None, "text/plain", "multipart/form-data"])
def test_only_json_is_read(server, kind):
    status, (line,) = ask(server, {"text": "Hi."}, Content_Type=kind)
    assert status == 400
    assert "Expected the content type application/json" in line["error"]


def test_a_body_without_end_is_not_read(server):
    length = str(10**12)
    status, (line,) = ask(server, {"text": "Hi."}, Content_Length=length)
    assert (status, f"got {length}" in line["error"]) == (413, True)
    status, _ = ask(server, {"text": "Hi."}, Content_Length="-1")
    assert status == 411


def test_what_is_half_a_character_is_spoken_around(server):
    status, lines = ask(server, b'{"text": "Hello \\ud800 there."}')
    assert (status, len(lines)) == (200, 1)


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/speak"), ("HEAD", "/speak"), ("POST", "/")]
)
def test_speech_has_one_way_of_being_asked_for(server, method, address):
    status, _, _ = fetch(server.server_port, address, method, headers_of(server))
    assert status == 405


def test_the_limit_of_bytes_leaves_room_for_the_limit_of_characters():
    text = "\U0001f600" * (speaking.MAX_CHARACTERS - 1) + "a"
    assert len(json.dumps({"text": text})) <= speaking.MAX_BYTES
