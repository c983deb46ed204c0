"""The generator as TFLite files, one frame at a time."""

from pathlib import Path
from tempfile import TemporaryDirectory

import tensorflow as tf

from keras_anchor.export.saved_model import write_saved_model
from keras_anchor.quiet import quiet

# Constants that are equal share a buffer, and factors of 1 are folded away.
MIN_SHARE_OF_PARAMETERS = 0.9


def write_tflite(generator, paths):
    """Converts with the batch fixed at 1: a free one would leave XNNPACK.

    Args:
        paths: `{"tflite": path, "tflite_float16": path}`, either or both.
    """
    with TemporaryDirectory() as folder:
        write_saved_model(generator, folder, batch=1)
        for format_name, path in paths.items():
            is_half = format_name == "tflite_float16"
            model = convert(folder, is_half)
            check_size(model, generator.count_params(), 2 if is_half else 4)
            Path(path).write_bytes(model)


def convert(saved_model_folder, is_half):
    converter = tf.lite.TFLiteConverter.from_saved_model(
        saved_model_folder, signature_keys=["serving_default"]
    )
    if is_half:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    with quiet():  # Its warnings tell of its own flags.
        return converter.convert()


def check_size(model, num_parameters, bytes_each):
    """Raises `ValueError` if a converted model left weights behind."""
    needed = MIN_SHARE_OF_PARAMETERS * num_parameters * bytes_each
    if len(model) < needed:
        raise ValueError(
            f"The TFLite file has {len(model)} bytes, but {num_parameters} parameters "
            f"need {needed:.0f}: the converter lost weights. This is a fault of "
            "keras-anchor or of the TensorFlow version: please report it."
        )
