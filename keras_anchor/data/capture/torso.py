"""How the shoulders move: marks on the chest followed through a video."""

import cv2
import numpy as np

from keras_anchor.data.landmarks import CHIN, OVAL

# Width of the picture of the chest in which marks are sought, in pixels.
CHEST_SIZE = 192
MAX_MARKS, MIN_MARKS = 80, 10
# A mark fits the motion if it lies this near to it, in pixels of that picture.
MAX_ERROR = 1.5


class TorsoTracker:
    """Follows corners of the clothes from the first frame to every other.

    Comparing with one frame only means that nothing drifts. Where too few marks are
    found (no chest in the picture, a plain shirt, a hand before it) the shoulders
    stay where they were.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`.
        landmarks: `(478, 3)` in pixels, read at the first call only.

    Returns:
        `(3,)` shift to the right and down in pixels, and roll in radians.
    """

    def __init__(self):
        self.box = None
        self.is_ready = False
        self.motion = np.zeros(3)

    def __call__(self, image, landmarks):
        if not self.is_ready:
            self.start(image, landmarks)
        if self.marks is None:
            return self.motion
        chest = self.cut(image)
        places, is_found, _ = cv2.calcOpticalFlowPyrLK(
            self.chest,
            chest,
            self.marks,
            self.places.copy(),
            winSize=(15, 15),
            maxLevel=2,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        is_found = is_found[:, 0] == 1
        if is_found.sum() < MIN_MARKS:
            return self.motion
        motion, is_near = cv2.estimateAffinePartial2D(
            self.marks[is_found], places[is_found], ransacReprojThreshold=MAX_ERROR
        )
        if motion is None or is_near.sum() < max(MIN_MARKS, len(self.marks) / 2):
            return self.motion
        self.places = cv2.transform(self.marks, motion)
        centre = self.marks.mean(0)[0]
        shift = (motion[:, :2] @ centre + motion[:, 2] - centre) / self.scale
        roll = np.arctan2(motion[1, 0], motion[0, 0])
        self.motion = np.array([*shift, roll])
        return self.motion

    def start(self, image, landmarks):
        """Chooses the marks in the first frame."""
        self.is_ready, self.marks = True, None
        self.box = chest_box(landmarks, image.shape[1], image.shape[0])
        if self.box is None:
            return
        self.scale = CHEST_SIZE / (self.box[2] - self.box[0])
        self.chest = self.cut(image)
        marks = cv2.goodFeaturesToTrack(self.chest, MAX_MARKS, 0.01, 6)
        if marks is not None and len(marks) >= MIN_MARKS:
            self.marks, self.places = marks, marks

    def cut(self, image):
        left, top, right, bottom = self.box
        grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
        size = (CHEST_SIZE, round((bottom - top) * self.scale))
        return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def chest_box(landmarks, width, height):
    """Box (left, top, right, bottom) below the chin, or None if out of sight."""
    outline = landmarks[list(OVAL), :2]
    centre, face_width = outline[:, 0].mean(), np.ptp(outline[:, 0])
    top = int(landmarks[CHIN, 1] + 0.35 * face_width)
    bottom = int(min(height, top + 0.9 * face_width))
    left = int(max(0, centre - 0.7 * face_width))
    right = int(min(width, centre + 0.7 * face_width))
    if bottom - top < 0.2 * face_width or right - left < 32:
        return None
    return left, top, right, bottom
