"""Lights an anchor into a background: tone, light around the edges, a soft shadow.

All in 8 bits, which is several times faster than in floats, and enough for film.
"""

import cv2
import numpy as np

LUMA = np.array([0.2126, 0.7152, 0.0722], "float32")
# How far the anchor's colour and brightness follow the background's, and how much
# darker it is at the frame's lower edge than at the upper one.
TINT, BRIGHTNESS, USUAL_LUMA, FALL = 0.07, 0.06, 100.0, 0.14
# However dark it is behind, the face is lit for the camera.
DARKEST, BRIGHTEST = 0.97, 1.06
# The background's light that wraps around edges. Widths are shares of the anchor's.
WRAP, WRAP_WIDTH, AROUND = 0.5, 0.014, 0.06
# On a bright background a shadow as deep as on a dark one would be a halo. It ends
# softly at the sides of what is lit.
DARK_SHADOW, BRIGHT_SHADOW = (40.0, 0.42), (190.0, 0.14)
SHADOW_WIDTH, SHADOW_DROP, FADE = 0.055, 0.02, 0.12
SHARPNESS, SHARPNESS_WIDTH = 0.6, 0.9
# What a gain of 1 is in 8 bits.
UNIT = 200


class Light:
    """Lights premultiplied anchors for one place before one background.

    Args:
        behind: uint8 `(height, width, 3)`, the background there, as coarse as the
            anchor's own frame.
        size: Side of the anchor's square in the same pixels.

    Call arguments:
        layer: uint8 `(height, width, 4)`, colour premultiplied.

    Returns:
        The same with the light on it; the last channel is now how much of the
        background is seen.
    """

    def __init__(self, behind, size):
        self.size = size
        height, width = behind.shape[:2]
        self.around = cv2.GaussianBlur(behind, (0, 0), AROUND * size)
        mean = behind.mean((0, 1), dtype="float32")
        luma = max(float(mean @ LUMA), 1.0)
        tint = np.clip(mean / luma, 0.3, 3.0) ** TINT
        tone = tint / float(tint @ LUMA)
        tone *= np.clip((luma / USUAL_LUMA) ** BRIGHTNESS, DARKEST, BRIGHTEST)
        rows = np.linspace(0.0, 1.0, height, dtype="float32")[:, None, None]
        tones = tone * (1.0 - FALL * rows**2)
        tones = np.broadcast_to(np.rint(UNIT * tones), behind.shape)
        self.tones = np.clip(tones, 0, 255).astype("uint8")
        depth = np.interp(luma, *zip(DARK_SHADOW, BRIGHT_SHADOW, strict=True))
        inwards = np.arange(width, dtype="float32") / (FADE * size)
        depth = 255 * depth * np.minimum(1.0, np.minimum(inwards, inwards[::-1]))
        self.depth = np.tile(depth.astype("uint8"), (height, 1))

    def __call__(self, layer):
        colour, alpha = cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), layer[..., 3].copy()
        drop = round(SHADOW_DROP * self.size)
        shadow = np.zeros_like(alpha)
        shadow[drop:] = blur_widely(alpha, SHADOW_WIDTH * self.size)[
            : len(alpha) - drop
        ]
        left = 255 - cv2.multiply(shadow, self.depth, scale=1 / 255)
        spread = blur_widely(alpha, WRAP_WIDTH * self.size)
        wrap = cv2.multiply(alpha, 255 - spread, scale=WRAP / 255)
        gain = cv2.multiply(self.tones, grey(255 - wrap), scale=1 / 255)
        lit = cv2.multiply(sharpen(colour, alpha), gain, scale=1 / UNIT)
        # What wraps around is no brighter than what is seen beside it.
        wrap = cv2.multiply(wrap, left, scale=1 / 255)
        lit = cv2.add(lit, cv2.multiply(self.around, grey(wrap), scale=1 / 255))
        seen = cv2.multiply(255 - alpha, left, scale=1 / 255)
        return cv2.merge([*cv2.split(lit), seen])


def grey(channel):
    """One channel three times."""
    return cv2.cvtColor(channel, cv2.COLOR_GRAY2RGB)


def sharpen(colour, alpha):
    """An unsharp mask, which takes off the softness that enlarging will add.

    Alpha stays: sharper, enlarged edges would show the steps of small pixels.
    """
    blurred = cv2.GaussianBlur(colour, (5, 5), SHARPNESS_WIDTH)
    opacity = cv2.GaussianBlur(alpha, (5, 5), SHARPNESS_WIDTH)
    # As if the colour went on outside: else edges would shine.
    blurred = cv2.divide(blurred, grey(opacity), scale=255)
    blurred = cv2.multiply(blurred, grey(alpha), scale=1 / 255)
    sharp = cv2.addWeighted(colour, 1.0 + SHARPNESS, blurred, -SHARPNESS, 0.0)
    return cv2.min(sharp, grey(alpha))


def blur_widely(alpha, width):
    """A wide Gaussian at a quarter of the size: nobody sees the difference."""
    height, length = alpha.shape
    size = max(1, length // 4), max(1, height // 4)
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype("float32")
    small = cv2.GaussianBlur(small, (0, 0), width / 4)
    small = np.rint(small).astype("uint8")
    return cv2.resize(small, (length, height), interpolation=cv2.INTER_LINEAR)
