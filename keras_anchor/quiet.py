"""Keeps what C++ libraries print about themselves off the terminal."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def quiet():
    """Drops what is written to stderr, also from C++.

    Around short calls whose failures are exceptions. LiteRT tells of its delegate when
    an interpreter is made, and no setting turns that off.
    """
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
