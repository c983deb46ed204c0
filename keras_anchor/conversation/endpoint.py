"""Answers of a language model behind an OpenAI-compatible chat endpoint."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager, suppress

from keras_anchor.conversation.addresses import check_url, is_loopback
from keras_anchor.conversation.replies import EndpointError, read_reply

SYSTEM = (
    "You are a presenter who answers aloud. Answer in the language of the question, in "
    "at most four short sentences of plain text: no lists, no Markdown, no emoji."
)
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 60.0
MAX_CHARACTERS, MAX_BODY = 4000, 2000
MAX_TURNS = 8
HINTS = {
    401: " It wants a key: name the variable that holds it with `--key-from`.",
    403: " It wants another key: see `--key-from`.",
    404: " Check the URL, such as http://localhost:11434/v1, and `--model`.",
    429: " It has been asked too often.",
}


class Endpoint:
    """A chat endpoint, asked anew for each question.

    Args:
        url: `https://host/v1`, with or without `/chat/completions`. `http://` is for
            this machine and the local network.
        model: The model's name there; None leaves it to the endpoint.
        key: Sent as `Authorization: Bearer`; None sends nothing.
        system: What the model is told before the conversation.
        connect_seconds: How long connecting may take.
        read_seconds: How long nothing may come.
        total_seconds: How long an answer may take as a whole.

    Raises:
        ValueError: If the URL is none, or would send what is said unprotected.
    """

    def __init__(
        self,
        url,
        model=None,
        key=None,
        system=SYSTEM,
        connect_seconds=CONNECT_SECONDS,
        read_seconds=READ_SECONDS,
        total_seconds=TOTAL_SECONDS,
    ):
        self.parts, self.path = check_url(url)
        self.model, self.key, self.system = model, key, system
        self.connect_seconds, self.read_seconds = connect_seconds, read_seconds
        self.total_seconds = total_seconds
        self.name = f"The endpoint {self.parts.netloc}"

    @property
    def place(self):
        """The host that questions are sent to, None if it is this machine."""
        host = self.parts.hostname
        return None if is_loopback(host) else host

    def answer(self, question, history=()):
        """Yields pieces of the answer as they come.

        Args:
            history: `[(question, answer), ...]`; the last of them are sent along.

        Raises:
            EndpointError: If there is no answer, or it breaks off.
        """
        expired = threading.Event()
        try:
            with self.ask(self.build_request(question, history), expired) as response:
                yield from self.limit(read_reply(response))
        except TimeoutError:
            raise EndpointError(
                f"{self.name} has sent nothing for {self.read_seconds:g} s."
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = str(error) or type(error).__name__
            if expired.is_set():
                reason = f"no whole answer came in {self.total_seconds:g} s"
            raise EndpointError(f"{self.name}: {self.hide_key(reason)}") from None

    def build_request(self, question, history):
        """The request's JSON as bytes."""
        messages = [{"role": "system", "content": self.system}] if self.system else []
        for asked, answered in list(history)[-MAX_TURNS:]:
            messages.append({"role": "user", "content": asked})
            messages.append({"role": "assistant", "content": answered})
        messages.append({"role": "user", "content": question})
        request = {"messages": messages, "stream": True}
        if self.model:
            request["model"] = self.model
        return json.dumps(request).encode()

    @contextmanager
    def ask(self, body, expired):
        """Yields the response to a request; sets `expired` if time ran out."""
        kind = {
            "http": http.client.HTTPConnection,
            "https": http.client.HTTPSConnection,
        }[self.parts.scheme]
        connection = kind(
            self.parts.hostname, self.parts.port, timeout=self.connect_seconds
        )
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
        }
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            connection.connect()
        except OSError as error:
            reason = error.strerror or error
            raise OSError(f"no connection ({reason}). Is it running?") from None
        line = connection.sock

        def hang_up():
            expired.set()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

        # What comes drop by drop never times out by itself.
        alarm = threading.Timer(self.total_seconds, hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            line.settimeout(self.read_seconds)
            connection.request("POST", self.path, body, headers)
            with connection.getresponse() as response:
                self.check_status(response)
                yield response
        finally:
            alarm.cancel()
            connection.close()

    def check_status(self, response):
        if response.status == 200:
            return
        text = response.read(MAX_BODY).decode("utf-8", "replace")
        if response.status in (301, 302, 303, 307, 308):
            text = f"moved to {response.headers.get('Location')}"
        raise EndpointError(
            f"answered {response.status} {response.reason}: "
            f"{' '.join(text.split())[:300]}.{HINTS.get(response.status, '')}"
        )

    def limit(self, pieces):
        """Passes pieces on, up to `MAX_CHARACTERS`; at least one."""
        num_characters = 0
        for piece in pieces:
            num_characters += len(piece)
            if num_characters > MAX_CHARACTERS:
                raise EndpointError(f"the answer has over {MAX_CHARACTERS} letters")
            yield piece
        if not num_characters:
            raise EndpointError("the answer is empty")

    def hide_key(self, text):
        """Text that may be logged: some servers repeat the key they refuse."""
        return text.replace(self.key, "***") if self.key else text
