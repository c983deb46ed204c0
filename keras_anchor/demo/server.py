"""The page and an anchor, served to browsers until Ctrl-C."""

import contextlib
import errno
import os
import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer

from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.demo.addon import OFFER, find_addon
from keras_anchor.demo.handler import Handler
from keras_anchor.demo.origins import describe_addresses
from keras_anchor.demo.site import PAGE_FOLDER, list_site
from keras_anchor.demo.speaking import Speaker, list_voices


def serve(anchor=None, host="127.0.0.1", port=8000, page_folder=PAGE_FOLDER):
    """Serves the page until Ctrl-C.

    Args:
        anchor: An `Anchor`, what `load_anchor` takes, or a list of either; the page
            shows the first.
        host: Address to listen at; the default is seen by this machine alone.
        port: Port to listen at; 0 picks a free one.

    Raises:
        ValueError: If the page is not built, the anchor has no TF.js model, the port
            is taken, or the address is not this machine's.
    """
    with build_server(anchor, host=host, port=port, page_folder=page_folder) as server:
        print(describe_addresses(host, server.server_port), flush=True)
        print(describe_voices(), flush=True)
        server.serve_forever()


def build_server(anchor=None, *, host, port, page_folder=PAGE_FOLDER):
    """The server that `serve` runs, listening already."""
    anchors = load_anchors(anchor)
    site = list_site(anchors, page_folder, find_addon(), list_voices())
    speaker = Speaker(anchors[0].fps, anchors[0].names)
    handler = partial(Handler, site=site, speaker=speaker, host=host)
    try:
        return Server((host, port), handler, anchors, site, speaker)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ValueError(
                f"Nobody can listen at {host!r}, port {port}: {error.strerror}. Leave "
                "`--host` out, or give an address of this machine."
            ) from None
        raise ValueError(
            f"Port {port} of {host} is taken. Stop what runs there, or choose another "
            f"one: `keras-anchor demo --port {port + 1}`."
        ) from None


def load_anchors(anchor):
    """A list of `Anchor`s from one, from what `load_anchor` takes, or from a list."""
    given = anchor if isinstance(anchor, list) else [anchor]
    return [one if isinstance(one, Anchor) else load_anchor(one) for one in given]


def describe_voices():
    """What can speak, in a line; in a terminal also how to get more."""
    engines = dict.fromkeys(voice["engine"] for voice in list_voices())
    voices = [f"{engine} on this machine" for engine in engines]
    voices += ["espeak in the page"] if find_addon() else []
    line = f"Voices: {', '.join([*voices, 'whatever the browser has'])}"
    if not voices and sys.stdout.isatty():
        line += f"\n{OFFER}"
    return line


class Server(ThreadingHTTPServer):
    """Its threads end with it, and browsers may hang up.

    Args:
        address, handler: As for `ThreadingHTTPServer`.
        anchors: Kept, for with the last reference to one its unpacked files go.
        site: What is served; it is compressed while the first page loads.
        speaker: A `Speaker`; it is warmed up, too.
    """

    daemon_threads = True
    # On Windows this would let two servers share a port.
    allow_reuse_address = os.name == "posix"
    # A page asks for dozens of files at once.
    request_queue_size = 128

    def __init__(self, address, handler, anchors, site, speaker):
        super().__init__(address, handler)
        self.anchors, self.site, self.speaker = anchors, site, speaker
        self.preparing = threading.Thread(target=self.prepare, daemon=True)
        self.preparing.start()

    def prepare(self):
        """Does ahead of time what would make the first request wait."""
        contents = dict.fromkeys(self.site.values())
        for prepare in (self.speaker.warm_up, *(one.prepare for one in contents)):
            # Whoever asks for what failed is told.
            with contextlib.suppress(ValueError, OSError, ImportError):
                prepare()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
