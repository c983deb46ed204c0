"""Somebody who talks before a patterned wall: pictures, voice, and what is said."""

import cv2
import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.frames import composite
from keras_anchor.render import Renderer

FPS, SIZE, NUM_FRAMES = 10, 480, 80
SAMPLE_RATE = 16000


def jaw_of(times):
    """How far the jaw opens: syllables of uneven length."""
    beat = np.sin(2 * np.pi * (1.3 * times + 0.5 * np.sin(1.1 * times)))
    return 0.4 * np.clip(beat, 0.0, 1.0)


def film_talk():
    """Eight seconds of somebody who talks before a patterned wall."""
    rng = np.random.default_rng(0)
    wall = rng.integers(90, 170, (30, 40, 3), "uint8")
    wall = cv2.resize(wall, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    times = (np.arange(NUM_FRAMES) + 0.5) / FPS
    controls = np.tile(ctl.NEUTRAL, (NUM_FRAMES, 1))
    controls[:, ctl.INDEX["jawOpen"]] = jaw_of(times)
    controls[:, ctl.INDEX["headYaw"]] = 0.06 * np.sin(times)
    controls[:, ctl.INDEX["headX"]] = 0.01 * np.sin(2.3 * times)
    renderer = Renderer(load_anchor())
    pictures = [
        cv2.resize(renderer(row), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        for row in controls
    ]
    return [composite(picture, wall) for picture in pictures]


def speak():
    """Noise as loud as the jaw is open."""
    times = np.arange(NUM_FRAMES * SAMPLE_RATE // FPS) / SAMPLE_RATE
    noise = np.random.default_rng(0).normal(0.0, 0.3, len(times))
    return (noise * (0.02 + jaw_of(times))).astype("float32")


def find(report, key):
    (finding,) = [finding for finding in report.findings if finding.key == key]
    return finding


def shift(frame, x, y=0):
    matrix = np.float32([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(frame, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT)
