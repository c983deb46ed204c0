"""The tracker's 478 landmarks by name, and those that a face model keeps."""

import numpy as np

# fmt: off
LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269,
    270, 409, 78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13,
    312, 311, 310, 415,
)
EYES = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,
)
BROWS = (
    46, 53, 52, 65, 55, 70, 63, 105, 66, 107,
    276, 283, 282, 295, 285, 300, 293, 334, 296, 336,
)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400,
    377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103,
    67, 109,
)
NOSE = (1, 2, 4, 5, 6, 45, 48, 64, 94, 97, 98, 115, 129, 168, 195, 197, 275, 278, 294,
        326, 327, 344, 358)
# fmt: on
# Skin that hardly moves: forehead, bridge of the nose, cheeks.
SKIN = (9, 151, 108, 337, 6, 195, 5, 50, 280, 101, 330, 205, 425, 118, 347)
IRISES = tuple(range(468, 478))
CHIN, NOSE_BASE = 152, 2
NUM_SPREAD = 40


def choose_landmarks(rest):
    """Lips, eyes, brows, nose, outline and irises, and some between them.

    Args:
        rest: `(478, 3)` landmarks at rest.
    """
    chosen = list(dict.fromkeys(LIPS + EYES + BROWS + OVAL + NOSE + IRISES))
    distance = np.linalg.norm(rest[:468, None] - rest[None, chosen], axis=-1).min(1)
    for _ in range(NUM_SPREAD):
        chosen.append(int(distance.argmax()))
        added = np.linalg.norm(rest[:468] - rest[chosen[-1]], axis=-1)
        distance = np.minimum(distance, added)
    return chosen
