"""A chat endpoint that behaves as it is told, on this machine."""

import json
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def event(text, **facts):
    """One server-sent event of an answer."""
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, **facts}]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


@contextmanager
def serve(behave):
    """Yields a URL, and a list that gets `(path, headers, request)` of each call.

    Args:
        behave: `behave(handler)`, which answers through a `BaseHTTPRequestHandler`.
    """
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.path, dict(self.headers), json.loads(body)))
            with suppress(ConnectionError, TimeoutError):  # The caller has hung up.
                behave(self)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", calls
    finally:
        server.shutdown()
        server.server_close()


def send(handler, body, kind="text/event-stream", status=200, **headers):
    """Answers with a body."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


HTML = b"<html><body>Welcome</body></html>"


def replies(body, kind="text/event-stream", status=200, **headers):
    """A behaviour: always this answer."""
    return lambda handler: send(handler, body, kind, status, **headers)


def speaks(*pieces, seconds=0.0):
    """A behaviour: an answer in pieces, with a pause before each."""

    def behave(handler):
        send(handler, b"")
        for piece in pieces:
            time.sleep(seconds)
            handler.wfile.write(event(piece))
        handler.wfile.write(DONE)

    return behave


def hangs(seconds=5.0, start=b""):
    """A behaviour: nothing, or nothing after a start."""

    def behave(handler):
        if start:
            send(handler, start)
        time.sleep(seconds)

    return behave


def drips(handler):
    """A behaviour: a comment every 50 ms, which is no answer, for ever."""
    send(handler, b"")
    while True:
        handler.wfile.write(b": still here\n\n")
        time.sleep(0.05)


def babbles(handler):
    """A behaviour: an answer without end."""
    send(handler, b"")
    while True:
        handler.wfile.write(event("and so on, "))
