"""The generator as a SavedModel that every TensorFlow loader can restore."""

import tensorflow as tf


class RawVariables(tf.Module):
    """A generator's variables without the generator.

    A module that held the Keras 3 model would save its variables where only Python
    finds them: TF Serving, C++ and the TFLite converter would see none.
    """

    def __init__(self, generator):
        super().__init__()
        self.raw_variables = [variable.value for variable in generator.variables]


def write_saved_model(generator, folder, batch=None, serve=None):
    """Writes `serving_default`, to `frames`, and `render`, to uint8 `pixels`.

    Args:
        generator: Model from `controls` and `noise` to frames in `[-1, 1]`.
        batch: Fixed batch size, without `render`; None leaves the size free.
        serve: What `serving_default` does instead, a function to a dict of tensors.
    """
    specs = [
        tf.TensorSpec((batch, spec.shape[-1]), tf.float32, name=spec.name)
        for spec in generator.inputs
    ]

    def draw(controls, noise):
        return {"frames": generator([controls, noise], training=False)}

    def render(controls, noise):
        frames = generator([controls, noise], training=False)
        pixels = tf.clip_by_value(tf.round((frames + 1.0) * 127.5), 0.0, 255.0)
        return {"pixels": tf.cast(pixels, tf.uint8)}

    signatures = {"serving_default": tf.function(serve or draw, input_signature=specs)}
    if batch is None:
        signatures["render"] = tf.function(render, input_signature=specs)
    tf.saved_model.save(RawVariables(generator), str(folder), signatures=signatures)
