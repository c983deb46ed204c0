"""What networks know of faces in general: weights to start a person's networks with.

`benchmarks/warm_start.py` learns them on a built-in presenter, whose points are the
same as a person's.
"""

from pathlib import Path

import keras
import numpy as np

from keras_anchor.files import writing

PATH = Path(__file__).parent / "assets" / "warm_start.npz"


def learned_layers(network):
    """The layers that know nothing of one person: all but stills and geometry."""
    kinds = keras.layers.Conv2D, keras.layers.Dense
    return [layer for layer in network.layers if isinstance(layer, kinds)]


def save_start(networks, path=PATH):
    """Writes the weights of networks `{name: network}`, in half precision."""
    arrays = {
        f"{name}/{number}/{part}": weights.astype("float16")
        for name, network in networks.items()
        for number, layer in enumerate(learned_layers(network))
        for part, weights in enumerate(layer.get_weights())
    }
    with writing(path) as file:
        np.savez_compressed(file, **arrays)


def start(network, name, path=PATH):
    """Sets the weights of a network, layer by layer, as long as the shapes agree.

    A smaller or larger preset differs from some layer on, and starts there at random.

    Args:
        name: `mouth`, `eyes` or `whole`.

    Returns:
        How many layers were set.
    """
    with np.load(path) as arrays:
        for number, layer in enumerate(learned_layers(network)):
            own = layer.get_weights()
            keys = [f"{name}/{number}/{part}" for part in range(len(own))]
            known = [arrays[key] for key in keys if key in arrays]
            if [array.shape for array in known] != [array.shape for array in own]:
                return number
            layer.set_weights(known)
    return number + 1
