"""How close generated frames come to true ones, where people look."""

import cv2
import numpy as np

from keras_anchor.controls import HIGH, INDEX, LOW, NEUTRAL
from keras_anchor.frames import composite

BOXES = ("whole", "face", "mouth", "eyes")
MID_GREY = (128, 128, 128)
# The perceptual distance takes half a second a frame: some are enough.
NUM_PERCEPTUAL = 24
NUM_SWEEP_STEPS = 15
# What the tracker is asked to find again: name, controls and their signs.
OBEDIENCE = {
    "jaw": {"jawOpen": 1.0},
    "blink": {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5},
    "smile": {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5},
    "yaw": {"headYaw": 1.0},
    "pitch": {"headPitch": 1.0},
    "gaze": {
        "eyeLookOutLeft": 0.25,
        "eyeLookInLeft": -0.25,
        "eyeLookInRight": 0.25,
        "eyeLookOutRight": -0.25,
    },
}


def psnr(frame, truth):
    """Peak signal-to-noise ratio in dB of uint8 pictures."""
    error = np.square(frame.astype("float32") - truth.astype("float32")).mean()
    return float(10.0 * np.log10(255.0**2 / max(error, 1e-6)))


def sharpness(frame, truth):
    """Gradient energy against the truth's: 1 as sharp, less is blurred."""
    energies = [
        np.abs(np.diff(picture.astype("float32"), axis=axis)).mean()
        for picture in (frame, truth)
        for axis in (0, 1)
    ]
    return float(sum(energies[:2]) / max(sum(energies[2:]), 1e-6))


def box_corner(face_model, name, controls, size):
    """Where a box lies in each frame: x, y `(n, 2)` of its corner, and its extent.

    It follows the head's place, and neither turns nor grows, so that it holds whole
    pixels of the frame.
    """
    left, top, right, bottom = getattr(face_model, f"{name}_box")
    extent = np.rint(np.array([right - left, bottom - top]) * size / 2).astype(int)
    affine = face_model.head_affine(controls, NEUTRAL)
    centre = np.array([(left + right) / 2, (top + bottom) / 2, 1.0]) @ affine
    corner = np.rint((centre + 1.0) * size / 2 - extent / 2).astype(int)
    return np.clip(corner, 0, size - extent), extent


def cut_boxes(face_model, name, controls, frames):
    """The box `name` of frames `(n, size, size, channels)`, or all for `whole`."""
    if name == "whole":
        return frames
    corners, (width, height) = box_corner(face_model, name, controls, frames.shape[1])
    return np.stack(
        [
            frame[y : y + height, x : x + width]
            for frame, (x, y) in zip(frames, corners, strict=True)
        ]
    )


def score_frames(face_model, controls, frames, truth, distance=None):
    """PSNR, sharpness and perceptual distance in every box, composited over grey.

    Args:
        controls: `(n, 62)` of the frames.
        frames, truth: uint8 `(n, size, size, 3 or 4)`.
        distance: `PerceptualDistance`, or None to leave it out.

    Returns:
        Dict from box to dict of means.
    """
    frames, truth = composite(frames, MID_GREY), composite(truth, MID_GREY)
    scores = {}
    for name in BOXES:
        first = cut_boxes(face_model, name, controls, frames)
        second = cut_boxes(face_model, name, controls, truth)
        pairs = list(zip(first, second, strict=True))
        scores[name] = {
            "psnr": float(np.mean([psnr(*pair) for pair in pairs])),
            "sharpness": float(np.mean([sharpness(*pair) for pair in pairs])),
        }
        if distance is not None:
            few = slice(None, None, max(1, len(first) // NUM_PERCEPTUAL))
            values = distance(np.ascontiguousarray(first[few]), second[few])
            scores[name]["perceptual"] = float(np.mean(values))
    return scores


def nearest_frames(frames, others):
    """Index of the most similar of `others` for each of `frames`, by thumbnails."""

    def thumbnails(pictures):
        small = [
            cv2.resize(
                composite(picture, MID_GREY), (32, 32), None, 0, 0, cv2.INTER_AREA
            )
            for picture in pictures
        ]
        return np.reshape(small, (len(small), -1)).astype("float32")

    first, second = thumbnails(frames), thumbnails(others)
    distances = np.square(second).sum(1) - 2.0 * first @ second.T
    return distances.argmin(1)


def read_faces(tracker, frames):
    """What the tracker sees in each frame: a list of `Face` or None."""
    return [tracker(composite(frame, MID_GREY)) for frame in frames]


def score_obedience(controls, faces):
    """Correlation of asked controls `(n, 62)` with those read off the frames."""
    found = [face is not None for face in faces]
    controls = controls[found]
    faces = [face for face in faces if face is not None]
    pose = {"headYaw": "yaw", "headPitch": "pitch"}
    scores = {}
    for name, shares in OBEDIENCE.items():
        asked = sum(share * controls[:, INDEX[key]] for key, share in shares.items())
        if set(shares) & pose.keys():
            (key,) = shares
            seen = np.array([getattr(face, pose[key]) for face in faces])
        else:
            seen = sum(
                share * np.array([face.blendshapes[INDEX[key]] for face in faces])
                for key, share in shares.items()
            )
        if asked.std() > 1e-6 and seen.std() > 1e-6:
            scores[name] = float(np.corrcoef(asked, seen)[0, 1])
    return scores


def sweeps(num_steps=NUM_SWEEP_STEPS):
    """Controls `(len(OBEDIENCE), num_steps, 62)`: one thing a row, end to end.

    Angles stay within half their range, where a tracker still sees both eyes.
    """
    rows = np.tile(NEUTRAL, (len(OBEDIENCE), num_steps, 1))
    for row, shares in zip(rows, OBEDIENCE.values(), strict=True):
        columns = [INDEX[name] for name in shares]
        has_two_sides = LOW[columns[0]] < 0 or min(shares.values()) < 0
        steps = np.linspace(-1.0 if has_two_sides else 0.0, 1.0, num_steps)
        for column, share in zip(columns, shares.values(), strict=True):
            reach = HIGH[column] / 2.0 if LOW[column] < 0 else HIGH[column]
            values = np.sign(share) * steps * reach
            row[:, column] = np.clip(values, LOW[column], HIGH[column])
    return rows


def score_sweeps(rows, faces):
    """Correlation for each of `OBEDIENCE` over its own row of `sweeps`.

    Args:
        faces: One for each row and step, in their order.
    """
    scores = {}
    num_steps = rows.shape[1]
    for index, (name, row) in enumerate(zip(OBEDIENCE, rows, strict=True)):
        seen = faces[index * num_steps : (index + 1) * num_steps]
        if sum(face is not None for face in seen) > 2:
            scores[name] = score_obedience(row, seen).get(name, 0.0)
    return scores


def shake(faces):
    """Mean length of second differences of tracked points, in pixels, or None."""
    found = [face.landmarks[:, :2] for face in faces if face is not None]
    return second_differences(np.stack(found)) if len(found) > 2 else None


def second_differences(points):
    """Mean length of second differences of points `(num_frames, num_points, 2)`."""
    return float(np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1).mean())


def lip_gap(face):
    """Distance of the inner lips as a share of the eyes' distance."""
    points = face.landmarks[:, :2]
    gap = np.linalg.norm(points[13] - points[14])
    return float(gap / np.linalg.norm(points[33] - points[263]))
