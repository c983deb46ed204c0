import http.client
import json
import socket
import threading
import time

import numpy as np
import pytest
from serving import ask, headers_of, read_sound

from keras_anchor.demo.speaking import Speaker
from keras_anchor.drive.speaking import speak_sentences

TEXT = "Good evening. The two leaders met on Monday. 欢迎收看今天的新闻。"
LONG = "The two leaders met on Monday to talk about trade. " * 380


def test_each_sentence_is_a_line_with_sound_and_movement(server):
    status, lines = ask(server, {"text": TEXT})
    assert status == 200
    assert "".join(line["text"] for line in lines) == TEXT.replace(". ", ".")
    for line in lines:
        controls = np.array(line["controls"])
        assert controls.shape == (len(controls), len(line["names"]))
        assert line["names"] == server.anchors[0].names
        seconds = len(controls) / line["fps"]
        assert len(read_sound(line)) == round(seconds * line["sample_rate"])
        jaw = controls[:, line["names"].index("jawOpen")]
        assert jaw.max() > 0.05


def test_the_sound_is_that_of_the_voice(server):
    _, lines = ask(server, {"text": "Good evening.", "voice": "en-male"})
    (speech,) = speak_sentences("Good evening.", "en-male")
    sound = read_sound(lines[0]) / 32767
    # espeak-ng's sentences differ by a few samples; see `Espeak`.
    assert abs(len(sound) - len(speech.sound)) < lines[0]["sample_rate"] / 10
    power = np.sqrt(np.mean(sound**2)), np.sqrt(np.mean(speech.sound**2))
    assert power[0] == pytest.approx(power[1], rel=0.1)


def test_sentences_join_without_a_jump(server):
    _, lines = ask(server, {"text": TEXT})
    for first, second in zip(lines, lines[1:], strict=False):
        slow = [first["names"].index(name) for name in ("headYaw", "headX", "breath")]
        before, after = (
            np.array(line["controls"])[:, slow] for line in (first, second)
        )
        steps = np.abs(np.diff(before, axis=0)).max(0)
        assert (np.abs(before[-1] - after[0]) <= 1.5 * steps).all()


def test_mood_and_openness_are_obeyed(server):
    def perform(**wishes):
        _, (line,) = ask(server, {"text": "Banana papaya.", **wishes})
        return dict(zip(line["names"], np.transpose(line["controls"]), strict=True))

    plain, wide = perform(), perform(openness=2.0)
    assert wide["jawOpen"].max() > 1.3 * plain["jawOpen"].max()
    friendly = perform(mood="friendly")
    assert friendly["mouthSmileLeft"].mean() > plain["mouthSmileLeft"].mean() + 0.05


def test_a_cue_is_done_where_it_stands(server):
    """In the second sentence the anchor nods, where it has nodded in the first."""

    def nod(offset):
        cues = [{"offset": offset, "kind": "look", "value": "left"}]
        _, lines = ask(server, {"text": "One apple. Two apples.", "cues": cues})
        yaw = [
            np.array(line["controls"])[:, line["names"].index("headYaw")]
            for line in lines
        ]
        return [float(np.abs(values).max()) for values in yaw]

    first, second = nod(2), nod(13)
    assert first[0] > second[0] + 0.03
    assert second[1] > 0.06


def test_a_cue_of_another_form_is_refused(server):
    status, lines = ask(server, {"text": "Hi.", "cues": [{"offset": "2"}]})
    assert status == 400
    assert "Expected cues with `offset`" in lines[0]["error"]


def test_a_browser_that_hangs_up_ends_the_work(server, monkeypatch):
    made, is_going_on = [], threading.Event()
    write = Speaker.write

    def count(speaker, speech, controls):
        made.append(speech.text)
        is_going_on.set()
        return write(speaker, speech, controls)

    monkeypatch.setattr(Speaker, "write", count)
    body = json.dumps({"text": LONG[:20_000]})
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request("POST", "/speak", body, headers_of(server))
    assert is_going_on.wait(20)
    connection.close()
    wait_until_still(made)
    assert 0 < len(made) < 60  # Of 380 sentences.


def test_after_hanging_up_only_the_sentence_at_hand_is_made(server, monkeypatch):
    made, write = [], Speaker.write

    def count(speaker, speech, controls):
        made.append(speech.text)
        time.sleep(0.3)
        return write(speaker, speech, controls)

    monkeypatch.setattr(Speaker, "write", count)
    body = json.dumps({"text": LONG[:1000]})
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request("POST", "/speak", body, headers_of(server))
    response = connection.getresponse()
    response.readline()
    response.close()
    connection.close()
    wait_until_still(made)
    assert len(made) == 2


def wait_until_still(things, seconds=1.5):
    count, since = -1, time.monotonic()
    while time.monotonic() - since < seconds:
        if len(things) != count:
            count, since = len(things), time.monotonic()
        time.sleep(0.05)


def test_a_browser_that_reads_slowly_is_waited_for(server):
    # More than what fits into the buffers on the way.
    body = json.dumps({"text": LONG[:5100]})
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request("POST", "/speak", body, headers_of(server))
    response = connection.getresponse()
    time.sleep(1.0)
    lines = response.read().splitlines()
    assert len(lines) == 100
    assert all("sound" in json.loads(line) for line in lines)


def test_the_connection_goes_on_after_speech(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    for _ in range(2):
        connection.request("POST", "/speak", b'{"text": "Hi."}', headers_of(server))
        response = connection.getresponse()
        assert not response.will_close
        assert len(response.read().splitlines()) == 1


def test_an_old_client_gets_its_lines_without_chunks(server):
    with socket.create_connection(("127.0.0.1", server.server_port), 20) as client:
        head = [f"{name}: {value}" for name, value in headers_of(server).items()]
        head = ["POST /speak HTTP/1.0", *head, "Content-Length: 15", "", ""]
        client.sendall("\r\n".join(head).encode() + b'{"text": "Hi."}')
        answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
    body = answer.partition(b"\r\n\r\n")[2]
    assert json.loads(body)["text"] == "Hi."


def test_a_voice_that_fails_later_says_so_in_a_line(server, monkeypatch):
    write = Speaker.write

    def fail(speaker, speech, controls):
        if speech.text == "Two.":
            raise RuntimeError("out of breath")
        return write(speaker, speech, controls)

    monkeypatch.setattr(Speaker, "write", fail)
    status, (first, second) = ask(server, {"text": "One. Two. Three."})
    assert (status, first["text"]) == (200, "One.")
    assert second == {"error": "The voice failed: out of breath"}
    status, (line,) = ask(server, {"text": "Two."})
    assert (status, line) == (500, {"error": "out of breath"})
