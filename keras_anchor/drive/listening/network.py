"""The network that listens: samples of sound to mouth controls, hop by hop."""

import keras
import numpy as np
from keras import ops

from keras_anchor.drive.listening.outputs import HOP, SAMPLE_RATE, WINDOW

LOWEST_HERTZ, HIGHEST_HERTZ = 60.0, 7600.0
# Power of a mel band under which nothing is heard, and what brings logarithms of
# speech to about unit size.
FLOOR, CENTRE, SCALE = 1e-5, -3.0, 4.0


@keras.saving.register_keras_serializable("keras_anchor")
class LogMel(keras.layers.Layer):
    """Logarithms of the power in mel bands, by plain products of matrices.

    So that every device that runs the network computes the same, from samples on.

    Call arguments:
        windows: `(..., WINDOW)` samples in `[-1, 1]` at 16 kHz.

    Returns:
        `(..., num_bands)`, about unit size.
    """

    def __init__(self, num_bands=48, **kwargs):
        super().__init__(**kwargs)
        self.num_bands = num_bands

    def build(self, shape):
        phases = 2.0 * np.pi / WINDOW * np.outer(range(WINDOW), range(WINDOW // 2 + 1))
        hann = np.hanning(WINDOW + 1)[:-1, None]
        waves = np.concatenate([hann * np.cos(phases), hann * np.sin(phases)], 1)
        self.waves = self.keep("waves", waves)
        self.bands = self.keep("bands", mel_bands(self.num_bands))

    def keep(self, name, values):
        return self.add_weight(
            shape=values.shape,
            initializer=lambda *_, **__: ops.convert_to_tensor(values, "float32"),
            trainable=False,
            name=name,
        )

    def call(self, windows):
        real, imaginary = ops.split(ops.matmul(windows, self.waves), 2, axis=-1)
        power = ops.matmul(ops.square(real) + ops.square(imaginary), self.bands)
        return (ops.log(ops.maximum(power, FLOOR)) - CENTRE) / SCALE

    def get_config(self):
        return {**super().get_config(), "num_bands": self.num_bands}


def mel_bands(num_bands):
    """Triangles `(WINDOW // 2 + 1, num_bands)` on the mel scale of O'Shaughnessy."""

    def to_mel(hertz):
        return 2595.0 * np.log10(1.0 + hertz / 700.0)

    edges = np.linspace(to_mel(LOWEST_HERTZ), to_mel(HIGHEST_HERTZ), num_bands + 2)
    bins = to_mel(np.arange(WINDOW // 2 + 1) * SAMPLE_RATE / WINDOW)[:, None]
    # Low bands are narrower than a bin: each is at least as wide as one.
    width = np.maximum(np.diff(edges), to_mel(SAMPLE_RATE / WINDOW))
    middle = edges[1:-1]
    rising, falling = (bins - middle) / width[:-1], (middle - bins) / width[1:]
    return np.maximum(0.0, 1.0 + np.minimum(-np.abs(rising), -np.abs(falling)))


class Listener:
    """The layers of the network, for sequences in training and for hops on devices.

    Args:
        names: Controls that it says, as `find_mouth` lists them.
        visemes: Visemes whose logits it says as well.
    """

    def __init__(self, names, visemes, num_channels=128, num_units=160):
        self.log_mel = LogMel(name="log_mel")
        self.convolutions = [
            keras.layers.Conv1D(num_channels, 3, activation="relu", name=f"near_{i}")
            for i in range(2)
        ]
        self.memories = [
            keras.layers.GRUCell(num_units, name=f"memory_{i}") for i in range(2)
        ]
        self.controls = keras.layers.Dense(len(names), name="controls")
        self.visemes = keras.layers.Dense(len(visemes), name="visemes")

    def sequence_model(self, num_hops=None):
        """From `windows (batch, num_hops, WINDOW)` to controls and viseme logits."""
        windows = keras.Input((num_hops, WINDOW), name="windows")
        x = self.log_mel(windows)
        for convolution in self.convolutions:
            x = convolution(ops.pad(x, ((0, 0), (2, 0), (0, 0))))
        for index, memory in enumerate(self.memories):
            remember = keras.layers.RNN(memory, return_sequences=True)
            x = remember(x) + (x if index else 0.0)
        outputs = {"controls": self.controls(x), "visemes": self.visemes(x)}
        return keras.Model(windows, outputs, name="listener")

    def hop_model(self):
        """From a hop of sound and the state before to controls, logits, and state.

        `sound (1, HOP)`, `state (1, state_size)`, zeros at first.
        """
        sizes = [WINDOW - HOP]
        for convolution in self.convolutions:
            sizes.append(2 * convolution.kernel.shape[1])
        sizes += [memory.units for memory in self.memories]
        sound = keras.Input((HOP,), batch_size=1, name="sound")
        state = keras.Input((sum(sizes),), batch_size=1, name="state")
        before, *parts = ops.split(state, np.cumsum(sizes)[:-1].tolist(), axis=-1)
        window = ops.concatenate([before, sound], -1)
        x, new = self.log_mel(window), [window[:, HOP:]]
        for convolution in self.convolutions:
            near = ops.concatenate([parts.pop(0), x], -1)
            new.append(near[:, x.shape[-1] :])
            x = convolution(ops.reshape(near, (1, 3, x.shape[-1])))[:, 0]
        for index, memory in enumerate(self.memories):
            y, _ = memory(x, [parts.pop(0)])
            new.append(y)
            x = y + (x if index else 0.0)
        outputs = {
            "controls": self.controls(x),
            "visemes": self.visemes(x),
            "new_state": ops.concatenate(new, -1),
        }
        return keras.Model([sound, state], outputs, name="listener_hop")
