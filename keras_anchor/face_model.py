"""Where the points of a face are, computed from controls."""

from dataclasses import dataclass, fields

import numpy as np

from keras_anchor.controls import INDEX
from keras_anchor.files import writing

# The network of the whole sees this many points; all of them move the picture.
MAX_DRAWN_POINTS = 128
# The neck follows a turn of the head by this share.
NECK_SHARE = 0.35


def rotation(yaw, pitch, roll):
    """Rotation matrices `(..., 3, 3)`, Ry Rx Rz, of angles `(...)` in radians.

    Axes are the frame's: x right, y down, z toward the viewer. Positive yaw turns
    the nose to the image's right, pitch lifts it, roll turns clockwise.
    """
    a, b, c = np.cos(yaw), np.cos(pitch), np.cos(roll)
    s, t, u = np.sin(yaw), np.sin(pitch), np.sin(roll)
    rows = [
        [a * c + s * t * u, s * t * c - a * u, s * b],
        [b * u, b * c, -t],
        [a * t * u - s * c, s * u + a * t * c, a * b],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


@dataclass
class FaceModel:
    """A small linear blendshape model of one person's face, head and shoulders.

    Units are half frames: the visible square is `[-1, 1]` at depth 0, x right, y
    down, z toward the viewer.

    Args:
        neutral: `(num_points, 3)` points at rest.
        offsets: `(62, num_points, 3)` what one unit of each control adds; zero for
            the pose controls, which move bones instead (but for `breath`).
        skin: `(num_points, 3)` shares of torso, neck and head; rows sum to 1.
        joints: `(2, 3)` where neck and head turn.
        distance: From the viewer to depth 0, for the perspective.
        mouth_box, eyes_box, face_box: `(4,)` left, top, right, bottom of windows that
            move with the head, in the neutral frame, `[-1, 1]`.
        is_surface: `(num_points,)` False for points that the skin slides over
            (irises, teeth): they show where things are, but move no picture. All
            True by default.
        drawn_points, mouth_points, eyes_points: Indices of the points that the network
            of the whole, of the mouth, of the eyes sees, the same for every person,
            so that what was learned on one starts another. None leaves the choice to
            the generator.
    """

    neutral: np.ndarray
    offsets: np.ndarray
    skin: np.ndarray
    joints: np.ndarray
    distance: float
    mouth_box: np.ndarray
    eyes_box: np.ndarray
    face_box: np.ndarray
    is_surface: np.ndarray = None
    drawn_points: np.ndarray = None
    mouth_points: np.ndarray = None
    eyes_points: np.ndarray = None

    def __post_init__(self):
        if self.is_surface is None:
            self.is_surface = np.ones(len(self.neutral), bool)

    def points(self, controls, expression=True):
        """Face points `(batch, num_points, 2)` in `[-1, 1]` for controls `(batch, 62)`.

        Args:
            expression: False leaves out everything but the pose.
        """
        controls = np.asarray(controls, "float32")
        shape = np.broadcast_to(self.neutral, (len(controls), *self.neutral.shape))
        if expression:
            shape = shape + np.tensordot(controls, self.offsets, 1)
        return self.project(self.move(shape, self.skin, controls))

    def move(self, shape, skin, controls):
        """Linear blend skinning of `(batch, num_points, 3)` by torso, neck and head."""

        def take(name):
            return controls[:, INDEX[name], None]

        yaw, pitch, roll = (
            controls[:, INDEX[name]] for name in ("headYaw", "headPitch", "headRoll")
        )
        turn = rotation(yaw, pitch, roll)
        neck_turn = rotation(NECK_SHARE * yaw, NECK_SHARE * pitch, NECK_SHARE * roll)
        still = np.zeros_like(yaw)
        torso_turn = rotation(still, still, controls[:, INDEX["torsoRoll"]])
        zero = np.zeros_like(take("headX"))
        head_shift = 2.0 * np.concatenate([take("headX"), take("headY"), zero], 1)
        torso_shift = 2.0 * np.concatenate([take("torsoX"), take("torsoY"), zero], 1)
        neck_joint, head_joint = self.joints

        def turned(matrices, vectors):
            return np.einsum("bij,bnj->bni", matrices, vectors)

        torso = turned(torso_turn, shape - neck_joint) + neck_joint
        torso = torso + torso_shift[:, None]
        shift = (head_shift + torso_shift)[:, None] / 2.0
        neck = turned(neck_turn, shape - neck_joint) + neck_joint + shift
        link = np.broadcast_to(head_joint - neck_joint, (len(controls), 1, 3))
        size = np.exp(take("headScale"))[:, None]
        head = size * turned(turn, shape - head_joint)
        head = head + turned(neck_turn, link) + neck_joint + head_shift[:, None]
        return skin[:, :1] * torso + skin[:, 1:2] * neck + skin[:, 2:] * head

    def project(self, positions):
        """Perspective: `(..., 3)` to `(..., 2)`."""
        depth = self.distance / (self.distance - positions[..., 2:])
        return positions[..., :2] * depth

    @property
    def is_head(self):
        """`(num_points,)` True for points that move with the skull alone."""
        return self.skin[:, 2] > 0.98

    def head_affine(self, controls, reference):
        """How the head lies against its place at the controls `reference` `(62,)`.

        Returns:
            `(batch, 3, 2)`, least squares over the head's points at rest, so that
            `[x, y, 1] @ affine` maps reference places to places in the frame.
        """
        is_head = self.is_head & self.is_surface
        source = self.points(np.asarray(reference)[None], expression=False)[0, is_head]
        source = np.concatenate([source, np.ones((len(source), 1))], 1)
        target = self.points(controls, expression=False)[:, is_head]
        return (np.linalg.pinv(source) @ target).astype("float32")

    def save(self, path):
        with writing(path) as part:
            arrays = {field.name: getattr(self, field.name) for field in fields(self)}
            known = {name: array for name, array in arrays.items() if array is not None}
            np.savez_compressed(part, **known)

    @classmethod
    def load(cls, path):
        with np.load(path) as arrays:
            names = [field.name for field in fields(cls)]
            return cls(**{name: arrays[name] for name in names if name in arrays})


def near(points, box, margin=6 / 128):
    """Indices of the points `(n, 2)` that lie in a box or close to it."""
    left, top, right, bottom = box
    x, y = points[:, 0], points[:, 1]
    inside = (x > left - margin) & (x < right + margin)
    return np.flatnonzero(inside & (y > top - margin) & (y < bottom + margin))


def spread(points, count):
    """Indices of at most `count` of the points `(n, 2)`, far from one another."""
    chosen = [0]
    gap = np.full(len(points), np.inf)
    while len(chosen) < min(count, len(points)):
        gap = np.minimum(gap, np.square(points - points[chosen[-1]]).sum(1))
        chosen.append(int(np.argmax(gap)))
    return np.sort(chosen)
