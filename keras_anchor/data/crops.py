"""Head-fixed crops of a take's frames: small aligned frames to train decoders on."""

import cv2
import numpy as np

from keras_anchor.frames import to_float

# Rounds of correction that make up for the blur of putting a crop back.
NUM_CORRECTIONS = 3


def cut_crops(frames, affines, box):
    """Cuts one window that moves with the head out of every frame.

    A crop is sampled bilinearly once more when the generator puts it back, which
    blurs. So each is sharpened until, put back, it gives the frame again (iterative
    back projection, Irani and Peleg, 1991, https://doi.org/10.1016/1049-9652(91)90045-L).

    Args:
        frames: uint8 `(n, size, size, channels)`.
        affines: `(n, 3, 2)` of `FaceModel.head_affine`.
        box: Left, top, right, bottom in the still, `[-1, 1]`, whole pixels.

    Returns:
        uint8 `(n, height, width, channels)`.
    """
    size = frames.shape[1]
    first, last = np.rint((np.reshape(box, (2, 2)) + 1.0) * size / 2.0)
    width, height = (last - first).astype(int)
    crops = np.empty((len(frames), height, width, frames.shape[-1]), "uint8")
    for index, (frame, affine) in enumerate(zip(frames, affines, strict=True)):
        to_frame = pixel_affine(affine, first, size)

        def cut(picture, to_frame=to_frame):
            flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
            return cv2.warpAffine(
                picture, to_frame, (width, height), None, flags, cv2.BORDER_REPLICATE
            )

        crop = cut(frame.astype("float32"))
        for _ in range(NUM_CORRECTIONS):
            back = frame.astype("float32")
            cv2.warpAffine(
                crop,
                to_frame,
                (size, size),
                back,
                cv2.INTER_LINEAR,
                cv2.BORDER_TRANSPARENT,
            )
            crop += cut(frame - back)
        crops[index] = np.clip(np.rint(crop), 0, 255)
    return crops


def cover_outside(crops, picture, mask):
    """Puts `picture` where crops won't be seen, so that nothing is learned there.

    Args:
        crops: uint8 `(n, height, width, channels)`, changed in place.
        picture: `(height, width, channels)` in `[-1, 1]`.
        mask: `(1, height, width, 1)`, 1 where crops stay.
    """
    mask = mask.astype("float32")
    cover = (picture + 1.0) * 127.5 * (1.0 - mask[0])
    for crop in crops:
        crop[:] = np.rint(crop * mask[0] + cover)


def pixel_affine(affine, first, size):
    """`(2, 3)` from a crop's pixels to the frame's, for OpenCV.

    Args:
        affine: `(3, 2)` on places in `[-1, 1]`.
        first: x and y of the crop's first pixel in the still.
    """
    linear = affine[:2].T
    origin = (np.asarray(first) + 0.5) * 2.0 / size - 1.0
    shift = (linear @ origin + affine[2] + 1.0) * size / 2.0 - 0.5
    return np.concatenate([linear, shift[:, None]], 1).astype("float64")


def choose_still(face_model, controls):
    """Index of the frame whose face points are nearest to the mean ones."""
    points = face_model.points(controls)
    return int(np.argmin(np.square(points - points.mean(0)).sum((1, 2))))


def mean_picture(crops):
    """Mean of crops in `[-1, 1]`, `(height, width, channels)`, to start a decoder."""
    return to_float(crops[:: max(1, len(crops) // 400)]).mean(0)


def still_box(face_model, name, still_controls, size, unit):
    """A head-fixed box of the face model, moved to where it lies in the still.

    Args:
        size: Of the still, in pixels.
        unit: Pixels that width and height are multiples of.

    Returns:
        Left, top, right, bottom in `[-1, 1]`.
    """
    box = getattr(face_model, f"{name}_box")
    neutral = np.zeros_like(still_controls)
    affine = face_model.head_affine(still_controls[None], neutral)[0]
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1.0]) @ affine
    extent = np.array([box[2] - box[0], box[3] - box[1]]) * size / 2
    extent = unit * np.maximum(1, np.rint(extent / unit))
    first = np.rint((centre + 1.0) * size / 2 - extent / 2)
    first = np.clip(first, 0, size - extent)
    return np.concatenate([first, first + extent]) / size * 2.0 - 1.0
