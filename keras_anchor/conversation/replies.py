"""What a chat endpoint sends: a stream of events, or one JSON text."""

import json

MAX_LINE_BYTES, MAX_BODY_BYTES = 1_000_000, 4_000_000


class EndpointError(OSError):
    """An endpoint did not answer, or not with an answer; the text says why."""


def read_reply(response):
    """Yields pieces of text of an `http.client.HTTPResponse`.

    Raises:
        EndpointError: If it is something else than an answer.
    """
    kind = response.headers.get_content_type()
    if kind == "text/event-stream":
        yield from read_events(response)
    elif kind == "application/json":
        # Some servers know no streams, and send the answer as a whole.
        body = response.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise EndpointError(f"the answer has over {MAX_BODY_BYTES} bytes")
        yield from take_text(parse(body), "message")
    else:
        start = response.read(200).decode("utf-8", "replace")
        raise EndpointError(
            f"sent {kind} instead of an answer ({' '.join(start.split())!r}). Check "
            "the URL, it should end in /v1 or /chat/completions"
        )


def read_events(lines):
    """Yields the text of server-sent events with JSON of `chat.completion.chunk`.

    Raises:
        EndpointError: If it ends before it says that it is done.
    """
    is_done, data = False, []
    while line := lines.readline(MAX_LINE_BYTES + 1):
        if len(line) > MAX_LINE_BYTES:
            raise EndpointError(f"sent a line of over {MAX_LINE_BYTES} bytes")
        line = line.rstrip(b"\r\n")
        if line.startswith(b"data:"):
            data.append(line[5:].strip())
        if line or not data:
            continue
        event, data = b"\n".join(data), []
        if event == b"[DONE]":
            return
        event = parse(event)
        yield from take_text(event, "delta")
        is_done |= any(c.get("finish_reason") for c in choices(event))
    if data == [b"[DONE]"]:
        return
    if data:
        yield from take_text(parse(b"\n".join(data)), "delta")
    elif not is_done:
        raise EndpointError("the answer broke off")


def parse(body):
    """What JSON holds, a dict."""
    try:
        value = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        start = body[:200].decode("utf-8", "replace")
        raise EndpointError(f"sent no JSON object: {start!r}")
    return value


def take_text(event, part):
    """Yields what the first choice says in its `delta` or `message`."""
    if event.get("error"):
        error = event["error"]
        message = error.get("message") if isinstance(error, dict) else error
        raise EndpointError(f"reports an error: {str(message)[:300]}")
    for choice in choices(event)[:1]:
        said = choice.get(part) or choice.get("message") or {}
        text = said.get("content") if isinstance(said, dict) else None
        if isinstance(text, str) and text:
            yield text
        elif text:
            raise EndpointError(f"sent an answer that is no text: {str(text)[:100]!r}")


def choices(event):
    listed = event.get("choices")
    if listed is None or not isinstance(listed, list):
        raise EndpointError(f"sent JSON without `choices`: {str(event)[:200]}")
    return [choice for choice in listed if isinstance(choice, dict)]
