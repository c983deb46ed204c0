"""Parts of a talk at their smallest, and a clock for each."""

import time
from contextlib import contextmanager

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.conversation.journal import Journal
from keras_anchor.conversation.sounds import SilentClock
from keras_anchor.conversation.stage import FPS, Stage
from keras_anchor.conversation.talk import Talk
from keras_anchor.drive.performing import Performer
from keras_anchor.drive.speaking import speak_sentences
from keras_anchor.drive.speech import Phoneme, Speech

RATE = 16_000
SECONDS = 30.0  # What never takes so long, however busy the machine.


def make_speech(seconds=1.0, text="a"):
    """A tone that is an open vowel."""
    times = np.arange(round(seconds * RATE)) / RATE
    sound = 0.3 * np.sin(2 * np.pi * 200 * times).astype("float32")
    return Speech(sound, RATE, [Phoneme(0.0, seconds, "ˈɑː")], text)


@contextmanager
def on_stage(**settings):
    """Yields a stage that has started, and has no clock."""
    stage = Stage(Performer(fps=FPS), ctl.RANGES, RATE, **settings)
    stage.start()
    try:
        yield stage
    finally:
        stage.stop()


def take(stage, num_blocks):
    """So many blocks of sound, `(num_blocks, block_size)`, each when it is ready."""
    blocks = []
    for _ in range(num_blocks):
        wait_for(lambda: stage.frames or stage.num_blocks % 2)
        blocks.append(stage.next_block())
    return np.stack(blocks)


def drawn(stage):
    """Controls `(num_frames, 62)` that were shown and not yet looked at."""
    rows = []
    while not stage.shown.empty():
        rows.append(stage.shown.get()[1])
    return np.stack(rows)


def wait_for(happens):
    """Waits until something is true."""
    until = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < until, "It never came."
        time.sleep(0.002)


class FastClock(SilentClock):
    """Five times as fast as time."""

    def run(self):
        while not self.stopped.wait(0.004):
            self.take(0.0)


@contextmanager
def talking(mind, path=None, **settings):
    """Yields a talk, five times as fast as time."""
    settings = {"is_patient": True} | settings
    with on_stage() as stage:
        clock = FastClock(stage.next_block)
        clock.start()
        speak = settings.pop("speak", speak_sentences)
        talk = Talk(mind, stage, speak, Journal(path), **settings)
        talk.start()
        try:
            yield talk
        finally:
            talk.interrupt()
            talk.end()
            talk.over.wait(SECONDS)
            clock.stop()
