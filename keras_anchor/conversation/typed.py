"""Lines that are typed, or come out of a pipe."""

import os
import sys
import threading


def read_lines(stream=None):
    """Yields lines of a stream, by default of what is typed, as they come.

    Typed ones are read without Python's buffer, whose lock would keep the process from
    ending while a thread waits for a line.
    """
    stream = sys.stdin if stream is None else stream
    try:
        number = stream.fileno()
    except (AttributeError, OSError, ValueError):
        yield from stream or ()
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    with os.fdopen(os.dup(number), "rb", buffering=0) as raw:
        while line := raw.readline():
            yield line.decode(encoding, "replace")


def is_typed(stream=None):
    """Whether somebody sits at the stream."""
    stream = sys.stdin if stream is None else stream
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def listen_to_lines(talk, lines, ends=True):
    """Asks each line, in a thread; `ends` says whether their end is the talk's."""

    def work():
        try:
            for line in lines:
                talk.ask(line)
        finally:
            if ends:
                talk.end()

    threading.Thread(target=work, daemon=True).start()
