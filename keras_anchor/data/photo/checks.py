"""Whether the face in a photo can become an anchor, and if not, why."""

import numpy as np

from keras_anchor.data.check.picture_quality import measure_picture
from keras_anchor.data.landmarks import OVAL
from keras_anchor.data.photo.motion import EYES, LIPS_INNER

MIN_FACE_PIXELS = 100
# Of the brightest parts of the face, whatever the colour of its skin.
MIN_BRIGHTNESS = 40
MAX_TURN_DEGREES = 25
# The tracker finds raised chins in level portraits.
LEVEL_PITCH_DEGREES, MAX_PITCH_DEGREES = -12, 30
# Of the eye's width; of the face's width.
MIN_EYE_OPENING, MAX_LIP_GAP = 0.11, 0.14
# A second face counts from this share of the first one's size.
MIN_SECOND_FACE = 0.35


def check_alone(path, image, face, tracker):
    """Raises `ValueError` if there is a second face beside the one that was found."""
    places = face.landmarks[:, :2]
    low, high = places.min(0), places.max(0)
    margin = 0.25 * (high - low)
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    rest = image.copy()
    rest[top:bottom, left:right] = 128
    tracker.crop = None
    other = tracker(rest)
    if other is None:
        return
    x, y = other.landmarks[:, :2].mean(0)
    is_beside = not (left < x < right and top < y < bottom)
    share = extent(other.landmarks) / extent(face.landmarks)
    if is_beside and share > MIN_SECOND_FACE:
        raise ValueError(
            f"{path} shows more than one face. Crop it to the one that is meant."
        )


def extent(landmarks):
    """Side of the box around a face, in pixels."""
    return float(np.ptp(landmarks[:, :2], axis=0).max())


def lip_gap(landmarks):
    """How far the lips are apart, as a share of the face's width."""
    flat = landmarks[:, :2]
    _, upper, lower, _ = LIPS_INNER
    gap = np.linalg.norm(flat[list(upper)] - flat[list(lower)], axis=-1).max()
    return float(gap / np.ptp(flat[list(OVAL), 0]))


def eye_opening(landmarks):
    """How far the wider eye is open, as a share of its width."""
    flat = landmarks[:, :2]
    openings = []
    for first, upper, lower, last in EYES.values():
        gap = np.linalg.norm(flat[list(upper)] - flat[list(lower)], axis=-1).max()
        openings.append(gap / np.linalg.norm(flat[first] - flat[last]))
    return float(max(openings))


def check_face(path, image, face):
    """Raises `ValueError` where a face cannot become an anchor; says why."""
    height, width = image.shape[:2]
    outline = face.landmarks[list(OVAL), :2]
    if extent(face.landmarks) < MIN_FACE_PIXELS:
        raise ValueError(
            f"The face in {path} is {extent(face.landmarks):.0f} pixels large. "
            f"Expected {MIN_FACE_PIXELS} or more, better 250."
        )
    if outline.min() < 0 or (outline > (width, height)).any():
        raise ValueError(
            f"The face in {path} is cut by the picture's border. Expected a whole "
            "head with some room around it."
        )
    brightness = measure_picture(image, face).brightness
    if brightness < MIN_BRIGHTNESS:
        raise ValueError(
            f"The face in {path} is too dark: its brightest parts have "
            f"{brightness:.0f} of 255. Expected {MIN_BRIGHTNESS} or more: take a photo "
            "facing a window or a lamp."
        )
    for word, angle in (("turned", face.yaw), ("tilted", face.roll)):
        degrees = abs(np.rad2deg(angle))
        if degrees > MAX_TURN_DEGREES:
            raise ValueError(
                f"The head in {path} is {word} by {degrees:.0f} degrees. Expected at "
                f"most {MAX_TURN_DEGREES}: take a photo from the front."
            )
    degrees = np.rad2deg(face.pitch) - LEVEL_PITCH_DEGREES
    if abs(degrees) > MAX_PITCH_DEGREES:
        raise ValueError(
            f"The head in {path} looks {'up' if degrees > 0 else 'down'} by "
            f"{abs(degrees):.0f} degrees. Expected at most {MAX_PITCH_DEGREES}: take a "
            "photo at the height of the eyes."
        )
    if eye_opening(face.landmarks) < MIN_EYE_OPENING:
        raise ValueError(
            f"The eyes in {path} are shut, so nobody knows how they look when open. "
            "Take a photo with open eyes."
        )
    if lip_gap(face.landmarks) > MAX_LIP_GAP:
        raise ValueError(
            f"The mouth in {path} is wide open, and shut lips cannot be made of it. "
            "Take a photo with the mouth shut, or smiling."
        )
