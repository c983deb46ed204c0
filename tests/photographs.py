"""Photos for tests: the shipped anchor stands for a person."""

from functools import cache

import cv2

from keras_anchor import controls as ctl
from keras_anchor.frames import composite, write_picture
from keras_anchor.render import Renderer

PICTURE_SIZE = 512


def take_picture(**controls):
    """A person `(512, 512, 3)` before a grey wall, uint8, as the controls say."""
    frame = composite(renderer()(ctl.pack(controls)), (128, 128, 128))
    size = (PICTURE_SIZE, PICTURE_SIZE)
    return cv2.resize(frame, size, interpolation=cv2.INTER_CUBIC)


@cache
def renderer():
    return Renderer()


def save_picture(folder, pixels, name="photo.png"):
    path = folder / name
    write_picture(path, pixels)
    return path
