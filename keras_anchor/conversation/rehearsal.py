"""Loads the voice before it is wanted: the first answer would wait for it."""

import threading
from contextlib import suppress

from keras_anchor.conversation.phrases import PHRASES


def warm_up(speak):
    """Loads the voice, so that the first answer is quick; returns its sample rate.

    What other languages need, such as a second and a half of Mandarin's readings, is
    loaded in a thread while the talk begins.
    """
    texts, failures = list(PHRASES["nothing fits"].values()), []
    while texts:
        try:
            speech = next(iter(speak(texts.pop(0))))
        except ValueError as error:  # A voice that reads one script alone.
            failures.append(error)
        else:
            # No daemon: what it loads may not survive the end of Python.
            threading.Thread(target=rehearse, args=(speak, texts)).start()
            return speech.sample_rate
    raise failures[0]


def rehearse(speak, texts):
    """Speaks the beginnings of texts that the voice can read, for nobody."""
    for text in texts:
        # What is missing is told when it is wanted.
        with suppress(ValueError, ModuleNotFoundError):
            next(iter(speak(text)))
