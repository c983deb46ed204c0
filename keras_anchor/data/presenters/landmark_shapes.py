"""What each blendshape does to the tracker's 478 landmarks on a generic face.

The built-in presenter's mesh moves under all 52 blendshapes; here every landmark is
tied to one of its vertices. Faces in pictures are fitted with these shapes.
"""

from functools import cache
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES, FaceTracker
from keras_anchor.data.landmarks import choose_landmarks
from keras_anchor.data.presenters.presenter import Presenter, vertex_normals
from keras_anchor.frames import composite

PRESENTER = "adam"
VERTICES_PATH = Path(__file__).parents[2] / "assets/presenters/landmark_vertices.npy"
NUM_LANDMARKS, FIRST_IRIS = 478, 468
# Upper and lower lip part company in an open mouth, so landmarks are matched there too.
POSES = [
    {"jawOpen": jaw, **pose}
    for jaw in (0.0, 0.45)
    for pose in (
        {},
        *({"headYaw": yaw} for yaw in (-0.3, -0.15, 0.15, 0.3)),
        *({"headPitch": pitch} for pitch in (-0.2, 0.2)),
    )
]
RENDER_SIZE = 768
# Vertices that look away from the camera are no candidates, in half frames.
HIDDEN_COST = 0.2


@cache
def landmark_shapes(name=PRESENTER):
    """Landmarks of the generic face, and how the blendshapes move them.

    Args:
        name: Of another built-in presenter.

    Returns:
        neutral: `(478, 3)` x right, y down, z toward the viewer, in half frames.
        offsets: `(52, 478, 3)` what one unit of each blendshape adds.
    """
    rig = Presenter(name).rig
    vertices = np.load(VERTICES_PATH)
    return rig.neutral[vertices], rig.offsets[: len(NAMES), vertices]


@cache
def face_landmarks():
    """The landmarks that a face model keeps, the same for everyone: a list."""
    return choose_landmarks(landmark_shapes()[0])


def match_landmarks():
    """Vertices `(478,)` of the presenter at which its landmarks lie.

    The tracker looks at renderings of several poses, and each landmark gets the
    vertex that is nearest to it in all of them. Written to `VERTICES_PATH` once.
    """
    presenter = Presenter(PRESENTER)
    skin, eyes = presenter.spans["skin"], presenter.spans["eyes"]
    baked = presenter.baked
    triangles = baked["skin_vertices"].astype(int)[baked["skin_triangles"].astype(int)]
    cost = np.zeros((NUM_LANDMARKS, len(presenter.rig.neutral)), "float32")
    for pose in POSES:
        controls = ctl.pack(pose)
        image = composite(presenter.render(controls, RENDER_SIZE), (128, 128, 128))
        landmarks = FaceTracker()(image).landmarks[:, :2] * 2.0 / RENDER_SIZE - 1.0
        positions = presenter.positions(controls)
        places = presenter.rig.project(positions)
        distance = np.linalg.norm(landmarks[:, None] - places, axis=-1)
        normals = vertex_normals(positions[skin], triangles)
        distance[:, skin] += HIDDEN_COST * (normals[:, 2] < 0.05)
        depth = positions[eyes, 2]
        distance[:, eyes] += HIDDEN_COST * (depth < depth.mean())
        cost += np.square(distance)
    vertices = np.empty(NUM_LANDMARKS, "int16")
    vertices[:FIRST_IRIS] = skin.start + cost[:FIRST_IRIS, skin].argmin(1)
    vertices[FIRST_IRIS:] = eyes.start + cost[FIRST_IRIS:, eyes].argmin(1)
    return vertices
