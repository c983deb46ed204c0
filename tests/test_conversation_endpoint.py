import json
import socket
import time

import pytest
from chat_server import (
    DONE,
    HTML,
    babbles,
    drips,
    event,
    hangs,
    replies,
    serve,
    speaks,
)

from keras_anchor.conversation.addresses import check_url
from keras_anchor.conversation.endpoint import Endpoint
from keras_anchor.conversation.replies import EndpointError

WHOLE = json.dumps({"choices": [{"message": {"content": "At nine."}}]}).encode()


def ask(behave, question="When?", history=(), **settings):
    settings = {"read_seconds": 0.5, "total_seconds": 5.0} | settings
    with serve(behave) as (url, calls):
        text = "".join(Endpoint(url, **settings).answer(question, history))
    return text, calls


def test_an_answer_comes_piece_by_piece():
    with serve(speaks("At ", "nine", "。", seconds=0.5)) as (url, _):
        start, pieces = time.monotonic(), []
        for piece in Endpoint(url).answer("When?"):
            pieces.append(piece)
            if len(pieces) == 1:
                waited = time.monotonic() - start
        assert pieces == ["At ", "nine", "。"]
        assert time.monotonic() - start > waited + 0.3


@pytest.mark.parametrize(
    "behave",
    [
        replies(event("At nine.") + DONE),
        replies(event("At nine.", finish_reason="stop")),
        replies(event("At nine.").replace(b"\n", b"\r\n") + b"data: [DONE]"),
        replies(
            b": hello\n\nevent: x\n" + event("At nine.") + DONE,
            "text/event-stream; charset=utf-8",
        ),
        replies(
            event("At ")
            + event("")
            + event("nine.")
            + b'data: {"choices": []}\n\n'
            + DONE
        ),
        replies(WHOLE, "application/json"),
    ],
)
def test_what_servers_send_is_read(behave):
    assert ask(behave)[0] == "At nine."


def test_the_model_gets_what_was_said_before():
    history = [(f"question {i}", f"answer {i}") for i in range(20)]
    _, calls = ask(
        speaks("At nine."),
        "还有呢？",
        history,
        model="small",
        key="secret",
        system="Be brief.",
    )
    (path, headers, request), messages = calls[0], calls[0][2]["messages"]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (request["model"], request["stream"]) == ("small", True)
    assert messages[0] == {"role": "system", "content": "Be brief."}
    assert messages[1]["content"] == "question 12"
    assert messages[-2] == {"role": "assistant", "content": "answer 19"}
    assert messages[-1] == {"role": "user", "content": "还有呢？"}
    assert len(messages) == 18


def test_without_a_key_none_is_sent(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "somebody's")
    _, calls = ask(speaks("At nine."))
    assert "Authorization" not in calls[0][1]
    assert "model" not in calls[0][2]


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (hangs(), "has sent nothing for 0.5 s"),
        (hangs(start=event("At ")), "has sent nothing for 0.5 s"),
        (drips, "no whole answer came in 1 s"),
        (babbles, "the answer has over 4000 letters"),
        (replies(HTML, "text/html"), "sent text/html instead of an answer .*Welcome"),
        (replies(b"data: {oops\n\n"), "sent no JSON object: '{oops'"),
        (replies(b"data: [1, 2]\n\n"), r"sent no JSON object: '\[1, 2\]'"),
        (replies(b"data: " + b"[" * 99999 + b"\n\n"), "sent no JSON object"),
        (replies(b"nothing of the kind\n\n"), "the answer broke off"),
        (replies(event("At nine.")[:-9]), "sent no JSON object"),
        (replies(event("At nine.")), "the answer broke off"),
        (replies(b"data: {}\n\n"), "sent JSON without `choices`"),
        (replies(b'data: {"choices": 3}\n\n'), "sent JSON without `choices`"),
        (replies(b'data: {"choices": [3]}\n\n' + DONE), "the answer is empty"),
        (replies(event({"a": 1})), "sent an answer that is no text"),
        (replies(b'data: {"error": {"message": "too long"}}\n\n'), "error: too long"),
        (replies(DONE), "the answer is empty"),
        (replies(b"", "application/json"), "sent no JSON object: ''"),
        (replies(b"data: " + b"x" * 1_000_002), "a line of over 1000000 bytes"),
        (
            replies(b"no such model", "text/plain", 404),
            "answered 404 .*no such model.*`--model`",
        ),
        (
            replies(b"oops", "text/plain", 500),
            "answered 500 Internal Server Error: oops",
        ),
        (replies(b"", status=302, Location="/login"), "answered 302 .*moved to /login"),
        (replies(b"", status=401), "answered 401 .*`--key-from`"),
    ],
)
def test_what_is_no_answer_is_explained(behave, reason):
    start = time.monotonic()
    with pytest.raises(EndpointError, match=reason):
        ask(behave, total_seconds=1.0)
    assert time.monotonic() - start < 20.0


def test_a_server_that_is_not_there_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        reason = f"The endpoint 127.0.0.1:{port}: no connection .Connection "
        reason += "refused.. Is it running"
        with pytest.raises(EndpointError, match=reason):
            list(Endpoint(f"http://127.0.0.1:{port}").answer("When?"))


def test_a_server_that_never_speaks_http_is_left():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(EndpointError, match="has sent nothing for 0.3 s"):
            list(Endpoint(url, read_seconds=0.3).answer("When?"))


def test_the_key_is_not_repeated():
    behave = replies(b"wrong key sk-123456", "text/plain", 401)
    with pytest.raises(EndpointError, match=r"wrong key \*\*\*"):
        ask(behave, key="sk-123456")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.org/v1", "/v1/chat/completions"),
        ("https://example.org/v1/", "/v1/chat/completions"),
        ("https://example.org/v1/chat/completions", "/v1/chat/completions"),
        ("https://example.org/chat?v=2", "/chat/chat/completions?v=2"),
        ("http://localhost:11434/v1", "/v1/chat/completions"),
        ("http://192.168.0.7:8080", "/chat/completions"),
        ("http://[::1]:8080", "/chat/completions"),
        ("http://nas.local/v1", "/v1/chat/completions"),
    ],
)
def test_urls_lead_to_where_chats_are_answered(url, path):
    assert check_url(url)[1] == path


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "Expected the endpoint's URL, such as http://localhost:11434/v1"),
        ("localhost:11434", "Expected the endpoint's URL"),
        ("ftp://example.org", "Expected the endpoint's URL"),
        ("https://", "Expected the endpoint's URL"),
        ("https://example.org:99999", "Expected the endpoint's URL"),
        ("https://exa mple.org", "Expected the endpoint's URL"),
        ("http://[::1", "Expected the endpoint's URL"),
        ("http://example.org/v1", "Over http:// anybody on the way could read"),
        ("https://me:secret@example.org", "holds a name or a password"),
    ],
)
def test_urls_that_are_none_are_refused(url, message):
    with pytest.raises(ValueError, match=message):
        Endpoint(url)


def test_where_questions_go_is_known():
    assert Endpoint("http://localhost:1/v1").place is None
    assert Endpoint("http://127.0.0.1:1/v1").place is None
    assert Endpoint("https://chat.example.org/v1").place == "chat.example.org"
