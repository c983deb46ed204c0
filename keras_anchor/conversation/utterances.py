"""A sentence on the stage, and the frames it is made of."""

import threading
import time
from dataclasses import dataclass, field

import numpy as np


@dataclass(eq=False)
class Utterance:
    """A sentence on the stage.

    `started` and `ended` are seconds of `time.monotonic`; `num_frames` and `num_shown`
    count its frames, in all and so far. One that was cut may end without having begun
    to be shown.
    """

    speech: object
    started: float = 0.0
    ended: float = 0.0
    num_frames: int = 0
    num_shown: int = 0
    begun: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def show(self, delay):
        """Counts a frame that is seen `delay` seconds from now."""
        now = time.monotonic()
        self.started = self.started or now + delay
        self.num_shown += 1
        self.begun.set()
        if self.num_shown == self.num_frames:
            self.end()

    def end(self):
        self.ended = time.monotonic()
        self.begun.set()
        self.over.set()


@dataclass(frozen=True)
class Frame:
    """40 ms: the performer's controls, what is drawn of them, and their sound."""

    controls: np.ndarray
    drawn: np.ndarray
    sound: np.ndarray
    utterance: Utterance | None = None
