"""The generator for a page: its network in int8, and what the page puts together.

A browser's WebAssembly multiplies int8 twice as fast as float32 (measured), and moves
pictures faster by hand than by a graph's look-ups.
"""

import contextlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import tensorflow as tf

from keras_anchor.export.saved_model import write_saved_model
from keras_anchor.export.tflite import convert
from keras_anchor.layers import Resize
from keras_anchor.quiet import quiet
from keras_anchor.stills import (
    WINDOW_EDGE,
    MoveStill,
    hold_back,
    insert_crops,
    join_places,
    sharpen,
    sharpening_block,
    warp,
)

VERSION = 1
MODEL, STILL = "parts.tflite", "still.bin"


def has_parts(generator):
    """Whether a generator moves a still, which is what a page can do itself."""
    return find_still(generator) is not None


def find_still(generator):
    stills = [layer for layer in generator.layers if isinstance(layer, MoveStill)]
    return stills[0] if stills else None


def build_parts(generator, has_frames=False):
    """A function from controls and noise to what `MoveStill` puts together.

    Args:
        has_frames: Whether it also returns `frames`, put together.

    Returns:
        Function to `{"places": (batch, cells, cells, 2 or 3), "residual": (batch,
        side, side, channels), "crop_0": (batch, height, width, channels), ...}`; the
        third of a place is how much of it is a crop's.
    """
    still = find_still(generator)
    node = still._inbound_nodes[-1]
    places, residual, *others = node.input_tensors
    source = residual._keras_history.operation
    if isinstance(source, Resize):
        residual = source.input
    network = keras.Model(
        generator.inputs, [generator.output, places, residual, *others]
    )

    def parts(controls, noise):
        frames, places, residual, *others = network([controls, noise], training=False)
        outputs = {"residual": residual}
        if has_frames:
            outputs["frames"] = frames
        if others:
            head_places, *crops = others
            joined = join_places(places, head_places, still.boxes)
            places = tf.concat(joined, -1)
            outputs |= {f"crop_{index}": crop for index, crop in enumerate(crops)}
        return outputs | {"places": places}

    return parts


def write_web(generator, path):
    """Writes `parts.json`, the network beside it, and the still picture.

    Args:
        path: Of `parts.json`.
    """
    folder = Path(path).parent
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        write_saved_model(generator, temporary, batch=1, serve=build_parts(generator))
        Path(folder, MODEL).write_bytes(quantize(convert(temporary, is_half=False)))
    still = find_still(generator)
    np.asarray(still.pixels, "float16").tofile(folder / STILL)
    info = {
        "version": VERSION,
        "model": MODEL,
        "still": STILL,
        "size": still.shape[0],
        "channels": still.shape[2],
        "boxes": still.boxes,
        "edge": WINDOW_EDGE,
        "sharpening": float(still.sharpening.numpy()),
        "block": sharpening_block(still.shape[0]),
    }
    Path(path).write_text(json.dumps(info, indent=1) + "\n")


def quantize(model):
    """A TFLite file whose convolutions hold int8 weights, the rest as it was.

    Points come from a matrix product of their own, which stays exact.
    """
    from ai_edge_quantizer import qtyping, quantizer

    with quiet(), contextlib.redirect_stdout(io.StringIO()):
        recipe = quantizer.Quantizer(bytearray(model))
        weights = qtyping.TensorQuantizationConfig(
            num_bits=8, granularity=qtyping.QuantGranularity.CHANNELWISE
        )
        recipe.update_quantization_recipe(
            ".*",
            qtyping.TFLOperationName.CONV_2D,
            qtyping.OpQuantizationConfig(
                weight_tensor_config=weights,
                compute_precision=qtyping.ComputePrecision.INTEGER,
            ),
        )
        recipe.update_quantization_recipe(
            ".*",
            qtyping.TFLOperationName.FULLY_CONNECTED,
            qtyping.OpQuantizationConfig(
                weight_tensor_config=qtyping.TensorQuantizationConfig(
                    num_bits=16, dtype=qtyping.TensorDataType.FLOAT
                ),
                compute_precision=qtyping.ComputePrecision.FLOAT,
                explicit_dequantize=True,
            ),
            "float_casting",
        )
        return bytes(recipe.quantize().quantized_model)


def run_web(path, controls, noise):
    """Draws frames as a page does: `(n, size, size, channels)` in `[-1, 1]`."""
    from ai_edge_litert.interpreter import Interpreter

    folder = Path(path).parent
    info = json.loads(Path(path).read_text())
    size, channels = info["size"], info["channels"]
    still = np.fromfile(folder / info["still"], "float16").astype("float32")
    still = still.reshape(1, size, size, channels)
    run = Interpreter(str(folder / info["model"])).get_signature_runner()
    frames = []
    for index in range(len(controls)):
        parts = run(
            controls=controls[index : index + 1], noise=noise[index : index + 1]
        )
        frames.append(compose(info, still, parts))
    return np.concatenate(frames)


def compose(info, still, parts):
    """A frame out of parts, as `MoveStill` puts it together."""
    crops = [parts[f"crop_{index}"] for index in range(len(info["boxes"]))]
    picture = insert_crops(tf.constant(still), crops, info["boxes"])
    places, share = parts["places"][..., :2], parts["places"][..., 2:]
    moved = sharpen(warp(picture, tf.constant(places)), info["sharpening"])
    residual = tf.constant(parts["residual"])
    share = tf.constant(share) if crops else None
    return tf.tanh(moved + hold_back(residual, share, info["size"])).numpy()
