"""Sound alone to a mouth, through the trained network. Needs no TensorFlow."""

from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.listening.outputs import (
    DELAY,
    HOP,
    HOPS_PER_SECOND,
    SAMPLE_RATE,
)
from keras_anchor.drive.speech import measure_loudness, resample
from keras_anchor.quiet import quiet

LISTENER = Path(__file__).parents[2] / "assets" / "listener" / "listener.tflite"
# What speech is brought to before it is heard; the network bears 20 dB either way.
LOUDNESS = 10 ** (-22 / 20)
# Seconds of sound that are heard at a time.
PIECE = 30


class Ear:
    """Hears sound as it comes, and says after each hop what the mouth does.

    Args:
        path: The network, as `keras_anchor.export.listener` writes it.

    Call arguments:
        sound: `(num_samples,)` float32 at 16 kHz, the next of a stream.

    Returns:
        Controls `(num_hops, 62)` float32, one row for each hop of 10 ms that is now
        whole. A row tells of the sound 55 ms before the end of its hop: `DELAY`.
    """

    def __init__(self, path=LISTENER):
        from ai_edge_litert.interpreter import Interpreter

        with quiet():
            self.interpreter = Interpreter(str(path), num_threads=1)
            self.run = self.interpreter.get_signature_runner()
        shape = self.run.get_input_details()["state"]["shape"]
        self.state, self.rest = np.zeros(shape, "float32"), np.zeros(0, "float32")
        with quiet():  # The first run makes the delegate, which tells of itself.
            self.run(sound=np.zeros((1, HOP), "float32"), state=self.state)

    def __call__(self, sound):
        sound = np.concatenate([self.rest, np.asarray(sound, "float32")])
        num_hops = len(sound) // HOP
        self.rest = sound[num_hops * HOP :]
        rows = np.empty((num_hops, len(ctl.NAMES)), "float32")
        for index, hop in enumerate(sound[: num_hops * HOP].reshape(-1, 1, HOP)):
            said = self.run(sound=hop, state=self.state)
            # Both are views of memory that the next run writes to.
            self.state, rows[index] = said["new_state"].copy(), said["controls"][0]
        return rows


def listen(sound, sample_rate, fps):
    """Mouth controls `(ceil(seconds * fps), 62)` of a whole sound, in step with it.

    Args:
        sound: Mono `(num_samples,)` float32 in `[-1, 1]`, of any loudness.
        sample_rate: Samples a second.
        fps: Frames a second; a frame shows the middle of its time.
    """
    ear, rows = Ear(), []
    loudness = measure_loudness(sound, sample_rate)
    gain = np.float32(LOUDNESS / loudness if loudness else 1.0)
    for start in range(0, len(sound), PIECE * sample_rate):
        piece = sound[start : start + PIECE * sample_rate]
        rows.append(ear(gain * resample(piece, sample_rate, SAMPLE_RATE)))
    rows.append(ear(np.zeros((DELAY + 1) * HOP)))
    rows = np.concatenate(rows)
    num_frames = int(np.ceil(len(sound) / sample_rate * fps - 1e-9))
    middles = (np.arange(num_frames) + 0.5) / fps
    hops = middles * HOPS_PER_SECOND + DELAY - 0.5
    return ctl.clip(interpolate(rows, hops))


def interpolate(rows, at):
    """Rows, two or more, at fractional indices, linearly."""
    at = np.clip(at, 0, len(rows) - 1)
    low = np.minimum(at.astype(int), len(rows) - 2)
    share = (at - low)[:, None]
    return (1.0 - share) * rows[low] + share * rows[low + 1]
