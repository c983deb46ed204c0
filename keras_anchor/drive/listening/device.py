"""The network as devices run it: from a hop of sound to controls that a face obeys.

What training cannot teach by the mean of its errors is put right here, inside the
graph, so that Python and the page do the same: lips that meet do meet, and a silent
mouth is shut and still.
"""

import keras
import numpy as np
from keras import ops

from keras_anchor import controls as ctl
from keras_anchor.drive.listening.outputs import HOP, SIDES

# From which probability on lips begin to meet, and from which they do.
MEETING, MET = 0.15, 0.45
# Silence is believed by and by: its share in a hop, and the beliefs at which the mouth
# begins to shut, and is shut.
SILENCE_SHARE, SHUTTING, SHUT = 0.14, 0.45, 0.85


def device_model(listener, names, visemes):
    """A Keras model from `sound (1, HOP)` and `state` to `controls` and `new_state`.

    Args:
        listener: A `Listener` with its weights.
        names, visemes: What it was made with.
    """
    hop = listener.hop_model()
    state_size = hop.inputs[1].shape[1]
    sound = keras.Input((HOP,), batch_size=1, name="sound")
    state = keras.Input((state_size + 1,), batch_size=1, name="state")
    inner, silence = ops.split(state, [state_size], axis=-1)
    said = hop([sound, inner])
    share = ops.softmax(said["visemes"])
    silent, meeting = (
        share[:, visemes.index(name) : visemes.index(name) + 1]
        for name in ("rest", "lips_meet")
    )
    silence = silence + SILENCE_SHARE * (silent - silence)
    values = ops.relu(said["controls"])
    jaw, close = (
        values[:, names.index(name) : names.index(name) + 1]
        for name in ("jawOpen", "mouthClose")
    )
    is_close = np.array([[name == "mouthClose" for name in names]], "float32")
    closed = ops.maximum(close, jaw * ramp(meeting, MEETING, MET))
    values = values * (1.0 - is_close) + ops.minimum(closed, jaw) * is_close
    values = values * (1.0 - ramp(silence, SHUTTING, SHUT))
    controls = ops.minimum(ops.matmul(values, spreading(names)), 1.0)
    outputs = {
        "controls": controls,
        "new_state": ops.concatenate([said["new_state"], silence], -1),
    }
    return keras.Model([sound, state], outputs, name="listener")


def ramp(x, low, high):
    """0 up to `low`, 1 from `high`, smooth between."""
    x = ops.clip((x - low) / (high - low), 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def spreading(names):
    """A matrix `(len(names), 62)` from values to controls, both sides alike."""
    matrix = np.zeros((len(names), len(ctl.NAMES)), "float32")
    for row, name in enumerate(names):
        for full in (name, *(name + side for side in SIDES)):
            if full in ctl.INDEX:
                matrix[row, ctl.INDEX[full]] = 1.0
    return matrix
