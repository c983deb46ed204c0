"""Shoulders that go on where the anchor's square frame cut them off."""

import cv2
import numpy as np

# Lengths are shares of the square's side.
MARGIN = 0.27
MIRRORED, ROUNDNESS, SHADE = 0.045, 0.35, 0.45
# Columns at the cut that networks draw badly, having seen only one side of them.
WORN = 2
STEEPEST, FLATTEST = 0.9, 0.15


def extend_shoulders(layer, margin):
    """Adds `margin` columns at each side, in which the shoulders fall away.

    What lies next to the cut is mirrored, slides down along the shoulder's slope and
    darkens as an arm does that turns away. Where nothing touches the side, nothing is
    added.

    Args:
        layer: uint8 `(height, width, 4)`, colour premultiplied.

    Returns:
        `(height, width + 2 * margin, 4)`.
    """
    inner, margin = layer[:, WORN:-WORN], margin + WORN
    right = extend_right(inner, margin)
    left = extend_right(inner[:, ::-1], margin)[:, ::-1]
    return np.concatenate([left, inner, right], 1)


def extend_right(layer, margin):
    height, width = layer.shape[:2]
    # Fractions of alpha make the height of a column exact to a tenth of a row.
    near, far = round(0.012 * width) + 1, round(0.1 * width) + 2
    alpha = layer[:, -far:, 3].sum(0) / 255
    edge, inner = alpha[-near:].mean(), alpha[:near].mean()
    slope = np.clip((inner - edge) / (far - near), FLATTEST, STEEPEST)
    away = np.arange(1, margin + 1, dtype="float32")
    reach = MIRRORED * width
    inwards = reach * (1.0 - np.exp(-away / reach))
    round_off = 1.0 - np.sqrt(np.maximum(1.0 - (away / margin) ** 2, 0.0))
    drop = slope * (away + inwards) + ROUNDNESS * height * round_off
    rows = np.arange(height, dtype="float32")[:, None] - drop
    columns = np.broadcast_to(far - 1 - inwards, rows.shape)
    # Nothing farther in is looked at.
    nearby = np.ascontiguousarray(layer[:, -far:])
    strip = cv2.remap(
        nearby,
        np.ascontiguousarray(columns, "float32"),
        rows.astype("float32"),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    shade = np.ones((margin, 4), "float32")
    shade[:, :3] -= SHADE * (away / margin)[:, None] ** 1.5
    return (strip * shade + 0.5).astype("uint8")
