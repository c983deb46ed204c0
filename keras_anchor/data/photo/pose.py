"""How head, neck and shoulders of a photo turn: a grid of points with a guessed depth.

A photo says little about depth. The tracker knows the face's; hair is taken to lie
where the face's outline does, and what is far from it where the head turns.
"""

import cv2
import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.capture.head import HEAD_JOINT, NECK_JOINT
from keras_anchor.data.faces import canonical_face, fit_similarity
from keras_anchor.data.landmarks import CHIN, OVAL, choose_landmarks
from keras_anchor.data.photo.fields import interpolate
from keras_anchor.data.photo.masks import centres, distance_inside, from_pixels, ramp
from keras_anchor.data.photo.motion import face_width
from keras_anchor.data.photo.parts import choose_boxes
from keras_anchor.face_model import FaceModel

# Below the chin, in widths of the face: where the head ends, where the torso begins.
HEAD_END, TORSO_START = (0.02, 0.45), (0.22, 0.70)
# Hair keeps the outline's depth up to the first, and none is left at the second.
HAIR_RING, FAR_RING = 1.25, 1.8
# Weak perspective; a half-precision float must hold it.
DISTANCE = 30000.0
BREATH = np.array([0.0, -0.012, 0.010])


def fit_pose(photo, motions, num_cells):
    """A `FaceModel` whose points are the centres of a grid over the frame.

    Args:
        photo: `Photo`.
        motions: Its `Motions`.
        num_cells: Along each side.
    """
    canonical, weights = canonical_face()
    landmarks = photo.landmarks
    scale, turn, shift = fit_similarity(canonical, landmarks[:468], weights)
    joints = scale * np.array([NECK_JOINT, HEAD_JOINT]) @ turn.T + shift
    places = centres((-1, -1, 1, 1), num_cells, num_cells).reshape(-1, 2)
    depth = guess_depth(landmarks, joints[1, 2], places)
    skin = share_bones(landmarks, places)
    offsets = np.zeros((len(ctl.NAMES), len(places), 3), "float32")
    offsets[ctl.INDEX["breath"]] = skin[:, :1] * BREATH
    size = len(photo.pixels)
    boxes = {
        name: from_pixels(box, size).astype("float32")
        for name, box in choose_boxes(motions, size).items()
    }
    return FaceModel(
        neutral=np.column_stack([places, depth]).astype("float32"),
        offsets=offsets,
        skin=skin.astype("float32"),
        joints=joints.astype("float32"),
        distance=DISTANCE,
        mouth_box=boxes["mouth"],
        eyes_box=boxes["eyes"],
        face_box=boxes["face"],
    )


def guess_depth(landmarks, joint_depth, places):
    """Depth `(n,)` of places `(n, 2)`, half frames toward the viewer."""
    chosen = choose_landmarks(landmarks)
    oval = landmarks[list(OVAL)]
    middle = oval[:, :2].mean(0)
    outline = np.minimum(oval[:, 2], np.median(oval[:, 2]))
    points, depths = [landmarks[chosen, :2]], [landmarks[chosen, 2]]
    for ring, known in ((HAIR_RING, outline), (FAR_RING, joint_depth + 0.0 * outline)):
        points.append(middle + ring * (oval[:, :2] - middle))
        depths.append(known)
    edge = np.linspace(-1.0, 1.0, 9)
    border = np.array([(x, y) for x in edge for y in edge if max(abs(x), abs(y)) == 1])
    distance = np.linalg.norm(border[:, None] - points[-1][None], axis=-1).min(1)
    border = border[distance > 0.2]
    points.append(border)
    depths.append(np.full(len(border), joint_depth))
    depth = interpolate(np.concatenate(points), np.concatenate(depths), places)
    # Between so few points, the outline would come out scalloped.
    size = round(len(places) ** 0.5)
    depth = depth.reshape(size, size).astype("float32")
    inner, outer = (cv2.GaussianBlur(depth, (0, 0), sigma) for sigma in (0.7, 2.5))
    share = ramp(distance_inside(oval[:, :2], size), 0.0, 4.0)
    return (outer + share * (inner - outer)).ravel()


def share_bones(landmarks, places):
    """Shares `(n, 3)` of torso, neck and head at places `(n, 2)`."""
    width = face_width(landmarks)
    down = (places[:, 1] - landmarks[CHIN, 1]) / width
    aside = np.abs(places[:, 0] - landmarks[list(OVAL), 0].mean()) / width
    # Shoulders lie higher than the throat.
    down = down + 0.4 * np.maximum(aside - 0.55, 0.0)
    head = 1.0 - ramp(down, *HEAD_END)
    torso = ramp(down, *TORSO_START)
    return np.column_stack([torso, 1.0 - head - torso, head])
