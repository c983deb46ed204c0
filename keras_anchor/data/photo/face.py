"""One photo of one face: read, checked, tracked, cut out and cropped."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.data.capture.matting import cut_square
from keras_anchor.data.faces import FaceTracker, Matte
from keras_anchor.data.landmarks import OVAL
from keras_anchor.data.photo.checks import check_alone, check_face, extent, lip_gap
from keras_anchor.data.photo.masks import fill
from keras_anchor.frames import composite, resize

# The face is this share of the crop's width, its centre this share down.
FACE_SHARE, FACE_CENTRE = 0.40, 0.48
MAX_PICTURE_PIXELS = 2048
# What the segmentation finds less likely than this is background, hair's fringe too.
MATTE_LOW, MATTE_HIGH = 0.45, 0.95
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim")
GREY = (128, 128, 128)
# Colours under more transparent pixels are not the person's alone.
SOLID = 0.95


@dataclass
class Photo:
    """What is known about the face in a photo.

    Args:
        pixels: `(size, size, 4)` uint8 RGBA, head and shoulders; colour goes on under
            what is transparent.
        landmarks: `(478, 3)` half frames of that crop, z toward the viewer.
        blendshapes: `(52,)` as tracked.
        facts: What was measured, for `anchor.json`.
    """

    pixels: np.ndarray
    landmarks: np.ndarray
    blendshapes: np.ndarray
    facts: dict


def read_photo(path, size=256):
    """Reads the `Photo` of one person, or of a painted one, who faces the viewer.

    Args:
        path: Any picture OpenCV reads. It is turned as its EXIF data ask.
        size: Side of the crop, in pixels.

    Raises:
        ValueError: If it is no picture, or the face cannot be used; says why.
    """
    image, alpha = read_picture(path)
    tracker = FaceTracker()
    face = tracker(image)
    if face is None:
        raise ValueError(
            f"{path} shows no face that the tracker finds. Expected one person, "
            "painted or not, who looks at the camera."
        )
    check_alone(path, image, face, tracker)
    check_face(path, image, face)
    square = choose_square(face.landmarks, image.shape[1], image.shape[0])
    left, top, side = square
    pixels = resize(cut_square(image, square), size)
    if alpha is None:
        matte = Matte()(pixels)
        matte = np.clip((matte - MATTE_LOW) / (MATTE_HIGH - MATTE_LOW), 0.0, 1.0)
    else:
        alpha = cut_square(alpha, square).astype("float32") / 255.0
        matte = cv2.resize(alpha, (size, size), interpolation=cv2.INTER_AREA)
    outline = (face.landmarks[list(OVAL), :2] - (left, top)) * size / side
    matte = keep_face(matte, outline)
    # Hair that lets the background through would carry it along as a fringe.
    solid = cv2.erode((matte > SOLID).astype("uint8"), np.ones((3, 3))) > 0
    colour = np.clip(np.rint(fill(pixels, solid, size / 4)), 0, 255)
    pixels = np.dstack([colour, np.rint(255.0 * matte)]).astype("uint8")
    landmarks = face.landmarks - np.array([left + side / 2.0, top + side / 2.0, 0.0])
    degrees = np.rad2deg([face.yaw, face.pitch, face.roll]).round(1)
    return Photo(
        pixels=pixels,
        landmarks=landmarks * np.array([2.0, 2.0, -2.0]) / side,
        blendshapes=face.blendshapes,
        facts={
            "picture": [image.shape[1], image.shape[0]],
            "crop": [int(number) for number in square],
            "face_pixels": round(extent(face.landmarks)),
            "yaw_pitch_roll_degrees": degrees.tolist(),
            "lip_gap": round(lip_gap(face.landmarks), 4),
        },
    )


def read_picture(path):
    """uint8 RGB, and uint8 alpha where the picture has any, else None."""
    data = Path(path).read_bytes()
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise ValueError(
            f"{path} is a HEIC picture, which OpenCV does not read. Convert it to "
            "JPEG or PNG first."
        )
    array = np.frombuffer(data, "uint8")
    image = None
    if len(array):
        image = cv2.imdecode(array, cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise ValueError(
            f"{path} is not a picture that OpenCV can read. Expected JPEG, PNG, WebP "
            "or the like."
        )
    whole = cv2.imdecode(array, cv2.IMREAD_UNCHANGED)
    alpha = None
    if whole.ndim == 3 and whole.shape[2] == 4 and whole.shape[:2] == image.shape[:2]:
        alpha = (whole[..., 3] / (np.iinfo(whole.dtype).max / 255.0)).astype("uint8")
        alpha = None if alpha.min() > 250 else alpha
    largest = max(image.shape[:2])
    if largest > MAX_PICTURE_PIXELS:
        scale = MAX_PICTURE_PIXELS / largest
        image, alpha = (
            None if part is None else shrink(part, scale) for part in (image, alpha)
        )
    if alpha is not None:
        image = composite(np.dstack([image, alpha]), GREY)
    return image, alpha


def shrink(picture, scale):
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def choose_square(landmarks, width, height):
    """The square `(left, top, side)` in pixels around head and shoulders."""
    outline = landmarks[list(OVAL), :2]
    side = min(width, height, round(np.ptp(outline[:, 0]) / FACE_SHARE))
    x, y = (outline.min(0) + outline.max(0)) / 2.0
    left = np.clip(x - side / 2.0, 0, width - side)
    top = np.clip(y - FACE_CENTRE * side, 0, height - side)
    return round(left), round(top), side


def keep_face(matte, outline):
    """Fills holes of a matte `(size, size)` inside the face: glasses, paint."""
    face = np.zeros(matte.shape, "uint8")
    cv2.fillConvexPoly(face, cv2.convexHull(np.rint(outline).astype("int32")), 255)
    depth = cv2.distanceTransform(face, cv2.DIST_L2, 5)
    inner = np.ptp(outline[:, 0]) / 24.0
    return np.maximum(matte, np.clip(depth / inner, 0.0, 1.0)).astype("float32")
