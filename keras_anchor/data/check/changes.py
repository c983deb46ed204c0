"""What changes from frame to frame: cuts, frames that repeat, a camera that moves."""

import cv2
import numpy as np

from keras_anchor.data.faces import CROP_SCALE, crop_of_landmarks

# Width of the pictures that are compared, in pixels.
THUMBNAIL_WIDTH, CAMERA_WIDTH = 160, 320
# Standard deviation of grey that all pictures but nearly plain ones are brought to.
USUAL_SPREAD, LEAST_SPREAD = 50.0, 10.0
# A cut changes the picture by this much, of 255, and that many times as much as the
# second around it; talking and turning reached 5 times.
CUT_CHANGE, CUT_RATIO = 4.0, 8.0
# A frame repeats the one before if it changes by this share of its neighbours'.
REPEAT_SHARE, LEAST_CHANGE = 0.25, 0.3
# A picture stands still if it changes by less, of 255, for that many seconds.
FROZEN_CHANGE, FROZEN_SECONDS = 0.03, 0.5
MAX_MARKS, MIN_MARKS, MAX_ERROR = 120, 12, 1.0


class ChangeMeter:
    """Measures how much each frame differs from the one before.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`.

    Attributes:
        changes: A list of mean absolute differences of grey, `[0, 255]`; the first
            is 0. What changes everywhere alike, such as the exposure, is left out.
        lights: A list of how bright the upper fifth of each picture is, `[0, 255]`.

    Returns:
        Whether the picture seems to jump; `find_cuts` knows better, afterwards.
    """

    def __init__(self):
        self.before, self.changes, self.lights = None, [], []

    def __call__(self, image):
        grey = shrink(image, THUMBNAIL_WIDTH).astype("float32")
        self.lights.append(float(grey[: max(1, len(grey) // 5)].mean()))
        grey = (grey - grey.mean()) * (USUAL_SPREAD / max(grey.std(), LEAST_SPREAD))
        if self.before is None or self.before.shape != grey.shape:
            self.before = grey
        change = float(np.abs(grey - self.before).mean())
        usual = np.median(self.changes[-25:]) if self.changes else 0.0
        self.changes.append(change)
        self.before = grey
        return change > max(CUT_CHANGE, CUT_RATIO * (usual + 0.05))


class CameraMeter:
    """Measures how far the background moved since the first picture.

    Comparing with one picture only means that nothing drifts. After a cut, a new one
    is needed.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`.
        face: `Face`; around it and below it is no background.

    Returns:
        `(2,)` shift to the right and down in picture widths; not a number where too
        little stands out in the background, or too little of it is found again.
    """

    def __init__(self):
        self.marks = None

    def __call__(self, image, face):
        grey = shrink(image, CAMERA_WIDTH)
        if self.marks is None:
            self.start(grey, background(image.shape, face, grey.shape))
        if len(self.marks) < MIN_MARKS:
            return np.full(2, np.nan)
        places, is_found, _ = cv2.calcOpticalFlowPyrLK(
            self.grey, grey, self.marks, self.marks.copy(), winSize=(15, 15), maxLevel=3
        )
        is_found = is_found[:, 0] == 1
        if is_found.sum() < MIN_MARKS:
            return np.full(2, np.nan)
        motion, is_near = cv2.estimateAffinePartial2D(
            self.marks[is_found], places[is_found], ransacReprojThreshold=MAX_ERROR
        )
        if motion is None or is_near.sum() < max(MIN_MARKS, len(self.marks) / 2):
            return np.full(2, np.nan)
        centre = np.array(grey.shape[::-1]) / 2.0
        moved = motion[:, :2] @ centre + motion[:, 2]
        return (moved - centre) / CAMERA_WIDTH

    def start(self, grey, is_background):
        self.grey = grey
        marks = cv2.goodFeaturesToTrack(
            grey, MAX_MARKS, 0.02, 6, mask=is_background.astype("uint8")
        )
        self.marks = np.zeros((0, 1, 2), "float32") if marks is None else marks


def shrink(image, width):
    """Grey, `width` pixels wide."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    size = (width, max(1, round(width * grey.shape[0] / grey.shape[1])))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def background(picture_shape, face, shape):
    """A mask of `shape`: neither the head nor what is below and beside its chin."""
    factor = shape[1] / picture_shape[1]
    x, y, size, _ = crop_of_landmarks(face.landmarks)
    half = size / CROP_SCALE
    box = np.array([x - half, y - half, x + half, y + half]) * factor
    left, top, right, bottom = box.astype(int)
    mask = np.ones(shape, bool)
    mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    width = right - left
    chin = int((top + bottom) / 2 + (bottom - top) / 4)
    mask[max(0, chin) :, max(0, left - width) : max(0, right + width)] = False
    return mask


def find_cuts(changes, fps):
    """Frames `(n,)` before which the picture jumps; of those within .5 s the first."""
    changes = np.asarray(changes)
    usual = local_median(changes, fps) + 0.05
    jumps = np.flatnonzero((changes > CUT_CHANGE) & (changes > CUT_RATIO * usual))
    cuts = []
    for jump in jumps:
        if not cuts or jump - cuts[-1] > 0.5 * fps:
            cuts.append(int(jump))
    return np.array(cuts, int)


def find_repeats(changes, fps):
    """Whether each frame repeats the one before, while others around it move."""
    changes = np.asarray(changes)
    usual = local_median(changes, fps)
    return (changes < REPEAT_SHARE * usual) & (usual > LEAST_CHANGE)


def find_frozen(changes, fps):
    """`[(first, last), ...]` frames between which the picture stands still."""
    is_still = np.asarray(changes) < FROZEN_CHANGE
    is_still[:1] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_still, [0]])))
    spans = edges.reshape(-1, 2)
    return [(a, b - 1) for a, b in spans if b - a >= FROZEN_SECONDS * fps]


def local_median(values, fps):
    """The median over about a second around each value."""
    reach = max(2, round(fps / 2))
    padded = np.pad(values, reach, mode="reflect" if len(values) > reach else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.median(windows, 1)
