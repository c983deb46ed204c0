"""Answers a browser: with a file of the site, or with speech as it is made."""

import json
import select
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from keras_anchor.demo import headers, origins, speaking

# Seconds after which a connection that says nothing is closed; and one that does not
# take the speech made for it, such as a tab that was frozen.
IDLE_SECONDS, STREAM_SECONDS = 60, 600
PART_BYTES = 1 << 16
SPEAK = "/speak"
OPTIONAL = {
    "/espeak/": "espeak-ng is not installed for the page. Install it: "
    "`keras-anchor demo --install-espeak`.",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with what is in `site`, and with nothing else.

    Args:
        site: `{address: File or Bytes}`.
        speaker: A `Speaker`.
        host: What the server was told to listen at.
    """

    protocol_version = "HTTP/1.1"
    server_version = "keras-anchor"
    sys_version = ""
    timeout = IDLE_SECONDS
    # Or a line of speech waits until the browser has confirmed the one before.
    disable_nagle_algorithm = True

    def __init__(self, *arguments, site, speaker, host):
        self.site, self.speaker, self.host = site, speaker, host
        super().__init__(*arguments)

    def do_GET(self):  # noqa: N802
        self.answer()

    def do_HEAD(self):  # noqa: N802
        self.answer()

    def do_POST(self):  # noqa: N802
        # What is refused is not read, so nothing can follow it.
        self.close_connection = True
        if refusal := origins.find_refusal(self.headers, self.host):
            self.refuse(HTTPStatus.MISDIRECTED_REQUEST, refusal)
        elif self.address != SPEAK:
            self.refuse(HTTPStatus.METHOD_NOT_ALLOWED, f"Only {SPEAK} takes POST.")
        elif stranger := origins.find_stranger(self.headers):
            self.refuse(HTTPStatus.FORBIDDEN, stranger)
        elif request := self.read_request():
            self.speak(request)

    @property
    def address(self):
        return unquote(self.path.partition("?")[0])

    def answer(self):
        # A body is not read, and must not be taken for the next request.
        self.close_connection |= any(
            name in self.headers for name in ("Content-Length", "Transfer-Encoding")
        )
        if refusal := origins.find_refusal(self.headers, self.host):
            self.refuse(HTTPStatus.MISDIRECTED_REQUEST, refusal)
            return
        content = self.site.get(self.address)
        if content is None:
            self.refuse_address()
            return
        is_packed = headers.accepts_gzip(self.headers.get("Accept-Encoding", ""))
        try:
            body = content.open(is_packed)
        except FileNotFoundError as error:
            self.fail(HTTPStatus.NOT_FOUND, error)
        except (ValueError, OSError) as error:
            self.fail(HTTPStatus.INTERNAL_SERVER_ERROR, error)
        else:
            with body.file:
                self.send(body, content.is_packable)

    def send(self, body, is_packable):
        own = headers.describe(self.address, body, is_packable)
        is_known = headers.is_known(self.headers.get("If-None-Match", ""), own["ETag"])
        self.send_response(HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK)
        for name, value in own.items():
            self.send_header(name, value)
        if not is_known:
            self.send_header("Content-Length", str(body.size))
        self.end_headers()
        if not is_known and self.command != "HEAD":
            self.send_file(body)

    def send_file(self, body):
        """Streams as many bytes as were announced, whatever became of the file."""
        left = body.size
        while left and (part := body.file.read(min(left, PART_BYTES))):
            self.wfile.write(part)
            left -= len(part)
        # What is missing shows only if the connection ends.
        self.close_connection |= left > 0

    def read_request(self):
        """What the page asks to be spoken, or None where that was refused."""
        kind = self.headers.get_content_type()
        if kind != "application/json":
            sentence = f"Expected the content type application/json, received {kind}."
            self.refuse(HTTPStatus.BAD_REQUEST, sentence)
            return None
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self.refuse(HTTPStatus.LENGTH_REQUIRED, "Expected a Content-Length.")
            return None
        if int(length) > speaking.MAX_BYTES:
            sentence = f"Expected at most {speaking.MAX_BYTES:,} bytes, got {length}."
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
            return None
        try:
            return speaking.read_request(self.rfile.read(int(length)))
        except ValueError as error:
            self.refuse(HTTPStatus.BAD_REQUEST, str(error))
            return None

    def speak(self, request):
        """Streams a performance, a line of JSON for each sentence."""
        lines = self.speaker.perform(request)
        try:
            line = next(lines)
        except ModuleNotFoundError as error:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, speaking.describe(error))
            return
        except ValueError as error:
            self.refuse(HTTPStatus.BAD_REQUEST, speaking.describe(error))
            return
        except Exception as error:  # Whatever a voice's library may raise.
            self.fail(HTTPStatus.INTERNAL_SERVER_ERROR, error)
            return
        self.close_connection = self.request_version == "HTTP/1.0"
        self.connection.settimeout(STREAM_SECONDS)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Cache-Control", "no-store")
        if not self.close_connection:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while line is not None and not self.is_alone():
            self.send_line(line)
            line = self.go_on(lines)
        if not self.close_connection:
            self.wfile.write(b"0\r\n\r\n")
        self.connection.settimeout(self.timeout)

    def go_on(self, lines):
        """The next line, a sentence about what failed, or None at the end."""
        try:
            return next(lines, None)
        except Exception as error:  # Headers are sent, so only a line can say it.
            self.log_error("%s", error)
            return {"error": f"The voice failed: {speaking.describe(error)}"}

    def send_line(self, line):
        data = json.dumps(line).encode() + b"\n"
        if not self.close_connection:
            data = b"%x\r\n%b\r\n" % (len(data), data)
        self.wfile.write(data)

    def is_alone(self):
        """Whether the browser has hung up."""
        is_readable = select.select([self.connection], [], [], 0)[0]
        if is_readable and not self.connection.recv(1, socket.MSG_PEEK):
            self.close_connection = True
            return True
        return False

    def refuse_address(self):
        for beginning, sentence in OPTIONAL.items():
            if self.address.startswith(beginning):
                self.refuse(HTTPStatus.NOT_FOUND, sentence)
                return
        if self.address == SPEAK:
            self.refuse(HTTPStatus.METHOD_NOT_ALLOWED, f"{SPEAK} takes POST only.")
            return
        self.refuse(
            HTTPStatus.NOT_FOUND, f"There is nothing at {self.address[:200]!r}."
        )

    def fail(self, status, error):
        """Refuses for a reason that whoever started the server can mend."""
        self.log_error("%s: %s", self.path, error)
        self.refuse(status, str(error))

    def refuse(self, status, sentence):
        """Sends a sentence instead: of JSON to who asks for speech, else as text."""
        is_speech = self.command == "POST"
        text = json.dumps({"error": sentence}) if is_speech else f"{sentence}\n"
        data = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        kind = "application/json" if is_speech else headers.TEXT
        self.send_header("Content-Type", kind)
        self.send_header(headers.POLICY, headers.write_policy(headers.PAGE_POLICY))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def end_headers(self):
        for name, value in headers.HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_error(self, text, *arguments):
        # The standard library's word for a connection that a browser left open.
        if not text.startswith("Request timed out"):
            super().log_error(text, *arguments)

    def log_request(self, code="-", size="-"):
        """Says nothing: a page asks for dozens of files, errors are logged anyway."""
