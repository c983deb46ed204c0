"""Faces in pictures: 478 landmarks, 52 blendshapes, head pose and a person's matte."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from keras_anchor.controls import BLENDSHAPES
from keras_anchor.quiet import quiet

ASSETS_FOLDER = Path(__file__).parents[1] / "assets" / "tracker"
NAMES = tuple(control.name for control in BLENDSHAPES)
# The blendshape network's outputs are in alphabetical order after `_neutral`.
# Reference: face_blendshapes_graph.cc of https://github.com/google-ai-edge/mediapipe
NETWORK_NAMES = ("_neutral", *sorted(set(NAMES) - {"tongueOut"}))
# The landmarks that the blendshape network reads, from the same file.
# fmt: off
BLENDSHAPE_LANDMARKS = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58,
    61, 63, 65, 66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109,
    127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159,
    160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249,
    251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300,
    308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362,
    365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390,
    397, 398, 400, 402, 405, 409, 415, 454, 466, *range(468, 478),
)
# fmt: on
DETECTOR_SIZE, LANDMARKS_SIZE, MATTE_SIZE = 128, 256, 256
MIN_SCORE, MIN_OVERLAP = 0.5, 0.3
# The landmark network sees this much more than the face itself.
CROP_SCALE = 1.5
RIGHT_EYE, LEFT_EYE = 33, 263


@dataclass
class Face:
    """One tracked face.

    Args:
        landmarks: `(478, 3)` x right and y down in pixels of the picture, z in the
            same unit, smaller is nearer to the camera.
        blendshapes: `(52,)` in `[0, 1]`, the first 52 controls.
        yaw, pitch, roll: Of the head, radians, signed as the controls are.
        score: How sure the network is that this is a face, `[0, 1]`.
    """

    landmarks: np.ndarray
    blendshapes: np.ndarray
    yaw: float
    pitch: float
    roll: float
    score: float


class Network:
    """A `.tflite` file that maps one array to arrays by name."""

    def __init__(self, name, num_threads):
        path = str(ASSETS_FOLDER / f"{name}.tflite")
        with quiet():
            self.interpreter = Interpreter(path, num_threads=num_threads)
            self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]["index"]
        outputs = self.interpreter.get_output_details()
        self.outputs = {output["name"]: output["index"] for output in outputs}

    def __call__(self, values):
        self.interpreter.set_tensor(self.input, values[None].astype("float32"))
        self.interpreter.invoke()
        read = self.interpreter.get_tensor
        return {name: np.squeeze(read(index)) for name, index in self.outputs.items()}


class FaceTracker:
    """Follows one face through a video.

    Where the face was tells where to look next; the whole picture is searched only
    at the start and after the face was lost.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`.

    Returns:
        `Face`, or None where there is none.

    Reference:
        Kartynnik et al. (2019), Real-time Facial Surface Geometry from Monocular
        Video on Mobile GPUs, https://arxiv.org/abs/1907.06724
    """

    def __init__(self, num_threads=1):
        self.detector = Network("face_detector", num_threads)
        self.mesh = Network("face_landmarks_detector", num_threads)
        self.blendshapes = Network("face_blendshapes", num_threads)
        self.anchors = detector_anchors()
        self.canonical, self.weights = canonical_face()
        self.places = [NAMES.index(name) for name in NETWORK_NAMES[1:]]
        self.crop = None

    def __call__(self, image):
        face = self.measure(image)
        if face is None:
            self.crop = self.detect(image)
            face = self.measure(image)
        self.crop = None if face is None else crop_of_landmarks(face.landmarks)
        return face

    def detect(self, image):
        """The crop `(x, y, size, angle)` of the surest face, or None."""
        height, width = image.shape[:2]
        side = max(height, width)
        whole = (width / 2, height / 2, side, 0.0)  # Letterboxed.
        picture = cut(image, whole, DETECTOR_SIZE, cv2.BORDER_CONSTANT)
        outputs = self.detector(picture / np.float32(127.5) - 1.0)
        logits = np.clip(outputs["classificators"], -80.0, 80.0)
        scores = 1.0 / (1.0 + np.exp(-logits))
        if scores.max() < MIN_SCORE:
            return None
        # Centre, size, then eyes, nose, mouth and ears, relative to the anchors.
        places = outputs["regressors"].reshape(-1, 8, 2) / DETECTOR_SIZE
        places[:, [0, *range(2, 8)]] += self.anchors[:, None]
        is_near = overlap(places, places[scores.argmax()]) > MIN_OVERLAP
        weights = scores * is_near * (scores >= MIN_SCORE)
        place = np.tensordot(weights / weights.sum(), places, 1)
        centre, extent, right_eye, left_eye = place[:4]
        x, y = centre * side + (np.array([width, height]) - side) / 2.0
        across = left_eye - right_eye
        return x, y, CROP_SCALE * side * extent.max(), np.arctan2(across[1], across[0])

    def measure(self, image):
        """The face inside the crop, or None."""
        if self.crop is None:
            return None
        picture = cut(image, self.crop, LANDMARKS_SIZE, cv2.BORDER_REPLICATE)
        outputs = self.mesh(picture / np.float32(255.0))
        score = float(1.0 / (1.0 + np.exp(-outputs["Identity_1"].item())))
        if score < MIN_SCORE:
            return None
        raw = outputs["Identity"].reshape(-1, 3)
        forward = crop_matrix(self.crop, LANDMARKS_SIZE)
        scale = self.crop[2] / LANDMARKS_SIZE
        flat = raw[:, :2] @ forward[:, :2].T + forward[:, 2]
        landmarks = np.concatenate([flat, raw[:, 2:] * scale], 1).astype("float32")
        inputs = landmarks[list(BLENDSHAPE_LANDMARKS), :2]
        blendshapes = np.zeros(len(NAMES), "float32")
        (scores,) = self.blendshapes(inputs).values()
        blendshapes[self.places] = scores[1:]
        target = landmarks[:468] * (1.0, 1.0, -1.0)
        _, turn, _ = fit_similarity(self.canonical, target, self.weights)
        return Face(landmarks, blendshapes, *angles(turn), score)


class Matte:
    """Cuts a person out of the background.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`, best a square around the person.

    Returns:
        `(height, width)` float32, 1 where the person is.
    """

    def __init__(self, num_threads=1):
        self.network = Network("selfie_segmentation", num_threads)

    def __call__(self, image):
        height, width = image.shape[:2]
        size = (MATTE_SIZE, MATTE_SIZE)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        (matte,) = self.network(small / np.float32(255.0)).values()
        matte = cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.clip(matte, 0.0, 1.0)


def canonical_face():
    """An average face `(468, 3)` in centimetres and the weights of its rigid points."""
    canonical = np.load(ASSETS_FOLDER / "canonical_face.npy")
    return canonical[:, :3], canonical[:, 3]


def detector_anchors():
    """Centres `(896, 2)` of the detector's cells, `[0, 1]`."""
    anchors = []
    for cells, repeats in ((16, 2), (8, 6)):
        centres = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(centres, centres), -1).reshape(-1, 2)
        anchors.append(np.repeat(grid, repeats, 0))
    return np.concatenate(anchors).astype("float32")


def overlap(places, place):
    """Intersection over union `(n,)` of boxes (centre, size, ...) with one box."""
    low = np.maximum(places[:, 0] - places[:, 1] / 2, place[0] - place[1] / 2)
    high = np.minimum(places[:, 0] + places[:, 1] / 2, place[0] + place[1] / 2)
    shared = np.maximum(high - low, 0.0).prod(1)
    return shared / (places[:, 1].prod(1) + place[1].prod() - shared + 1e-9)


def crop_of_landmarks(landmarks):
    """The crop `(x, y, size, angle)` where the next frame's face will be found."""
    low, high = landmarks[:, :2].min(0), landmarks[:, :2].max(0)
    across = landmarks[LEFT_EYE] - landmarks[RIGHT_EYE]
    size = CROP_SCALE * (high - low).max()
    return *(low + high) / 2.0, size, np.arctan2(across[1], across[0])


def crop_matrix(crop, size):
    """`(2, 3)` that maps places in a crop of `size` pixels to places in the picture."""
    x, y, side, angle = crop
    cosine, sine = np.cos(angle) * side / size, np.sin(angle) * side / size
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, (x, y) - turn @ (size / 2, size / 2)])


def cut(image, crop, size, border):
    """Resamples a turned square of the picture to `(size, size, 3)`."""
    # OpenCV counts from the centre of the first pixel, crops from its corner.
    matrix = crop_matrix(crop, size)
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (size, size), flags=flags, borderMode=border)


def fit_similarity(source, target, weights):
    """Least squares of `scale * turn @ source + shift` to `target`, `(..., n, 3)`.

    Args:
        weights: `(n,)` of the points.

    Returns:
        scale `(...)`, turn `(..., 3, 3)`, shift `(..., 3)`.

    Reference:
        Umeyama (1991), Least-Squares Estimation of Transformation Parameters Between
        Two Point Patterns, https://doi.org/10.1109/34.88573, equations 40 to 42
    """
    weights = (weights / weights.sum())[:, None]
    source_mean = (weights * source).sum(-2, keepdims=True)
    target_mean = (weights * target).sum(-2, keepdims=True)
    source, target = source - source_mean, target - target_mean
    left, values, right = np.linalg.svd(np.swapaxes(weights * target, -1, -2) @ source)
    signs = np.ones_like(values)
    signs[..., 2] = np.sign(np.linalg.det(left @ right))
    turn = (left * signs[..., None, :]) @ right
    scale = (values * signs).sum(-1) / (weights * source**2).sum((-1, -2))
    moved = np.swapaxes(turn @ np.swapaxes(source_mean, -1, -2), -1, -2)
    shift = target_mean - scale[..., None, None] * moved
    return scale, turn, shift[..., 0, :]


def angles(turn):
    """Yaw, pitch and roll of rotations `(..., 3, 3)`: inverts `face_model.rotation`."""
    yaw = np.arctan2(turn[..., 0, 2], turn[..., 2, 2])
    pitch = np.arcsin(np.clip(-turn[..., 1, 2], -1.0, 1.0))
    return yaw, pitch, np.arctan2(turn[..., 1, 0], turn[..., 1, 1])
