"""How an anchor follows somebody else: rendered, tracked again, and compared."""

from itertools import islice

import cv2
import numpy as np

from keras_anchor.controls import INDEX, POSE
from keras_anchor.data.capture.footage import track_video
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.video.frames import read_frames
from keras_anchor.drive.retarget import PERCENTILES, retarget
from keras_anchor.films import write_film
from keras_anchor.frames import composite
from keras_anchor.metrics import MID_GREY, OBEDIENCE, second_differences
from keras_anchor.render import Renderer, make_background

GROUPS = OBEDIENCE | {"roll": {"headRoll": 1.0}}
ANGLES = {"headYaw": "yaw", "headPitch": "pitch", "headRoll": "roll"}
# From lowest to highest: less than this, in a driver, is a tracker's noise.
LEAST_MOTION, LEAST_TURN = 0.1, 0.05
OUTER_EYES = 33, 263
NUM_IDENTIFIED = 40


def cross_drive(anchor, video_path, num_frames=500, film_path=None):
    """Lets a person in a video drive an anchor, and measures what comes out.

    Args:
        anchor: An `Anchor`, or what `load_anchor` takes.
        num_frames: The first ones of the video.
        film_path: Where to write driver and anchor side by side, or None.

    Returns:
        Dict of `groups`, `steadiness` and `identity`; see `compare_groups`,
        `compare_shakes` and `compare_people`.

    Raises:
        ValueError: As `track_video` and `load_anchor`.
    """
    renderer = Renderer(anchor)
    driver = track_video(video_path)
    asked = retarget(driver, renderer.anchor.ranges)
    # At rest it is the anchor's own person, whoever drives.
    own = renderer(renderer.anchor.neutral)
    seen, pictures, wall = [], [], make_background(renderer.anchor.size)
    trackers = FaceTracker(), FaceTracker()

    def draw():
        images = islice(read_frames(video_path), num_frames)
        for image, controls in zip(images, asked.controls, strict=False):
            pixels = renderer(controls)
            pair = image, composite(pixels, MID_GREY)
            faces = [track(one) for track, one in zip(trackers, pair, strict=True)]
            seen.append(faces)
            pictures.append([fit_square(image, 256), pair[1]])
            side = fit_square(image, renderer.anchor.size)
            yield np.hstack([side, composite(pixels, wall)])

    if film_path is None:
        for _ in draw():
            pass
    else:
        write_film(film_path, draw(), driver.fps)
    is_found = np.array([None not in faces for faces in seen])
    if not is_found.any():
        raise ValueError(
            f"No frame of {video_path} shows a face beside the anchor's. Expected one "
            "person looking at the camera."
        )
    driver_faces, faces = zip(
        *(pair for pair, found in zip(seen, is_found, strict=True) if found),
        strict=True,
    )
    count = len(seen)
    few = pictures[:: max(1, count // NUM_IDENTIFIED)]
    return {
        "num_frames": count,
        "num_frames_with_faces": int(is_found.sum()),
        "groups": compare_groups(
            driver.controls[:count][is_found], asked.controls[:count][is_found], faces
        ),
        "steadiness": compare_shakes(driver_faces, faces),
        "identity": compare_people(composite(own, MID_GREY), *zip(*few, strict=True)),
    }


def fit_square(image, size):
    """The middle square of an image, `(size, size, 3)`."""
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    square = image[top : top + side, left : left + side]
    return cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)


def sum_up(shares, controls):
    """One number a frame for controls `(n, 62)`."""
    return sum(share * controls[:, INDEX[name]] for name, share in shares.items())


def read_group(shares, faces):
    """The same of what a tracker saw."""
    if angles := ANGLES.keys() & shares.keys():
        (name,) = angles
        return np.array([getattr(face, ANGLES[name]) for face in faces])
    return sum_up(shares, np.array([face.blendshapes for face in faces]))


def spread(values):
    low, _, high = np.percentile(values, PERCENTILES)
    return float(high - low)


def compare_groups(driver, asked, faces):
    """Correlations of what was asked with what a tracker sees, where the driver moves.

    Args:
        driver, asked: Controls `(n, 62)` before and after retargeting.
        faces: `Face` of each generated frame.

    Returns:
        `{group: {"correlation", "with_driver", "driver_spread", "asked_spread"}}`;
        spreads are from lowest to highest.
    """
    pose, scores = {control.name for control in POSE}, {}
    for name, shares in GROUPS.items():
        own, wanted = sum_up(shares, driver), sum_up(shares, asked)
        least = LEAST_TURN if pose & shares.keys() else LEAST_MOTION
        if spread(own) < least:
            continue
        seen = read_group(shares, faces)
        is_still = min(wanted.std(), seen.std()) < 1e-6
        scores[name] = {
            "correlation": 0.0 if is_still else float(np.corrcoef(wanted, seen)[0, 1]),
            "with_driver": 0.0 if is_still else float(np.corrcoef(own, seen)[0, 1]),
            "driver_spread": spread(own),
            "asked_spread": spread(wanted),
        }
    return scores


def compare_shakes(driver_faces, faces):
    """Second differences of tracked points, in distances between the eyes."""
    shakes = {}
    for name, some in (("driver", driver_faces), ("anchor", faces)):
        points = np.stack([face.landmarks[:, :2] for face in some])
        across = np.linalg.norm(
            np.subtract(*points[:, OUTER_EYES].swapaxes(0, 1)), axis=-1
        )
        shakes[name] = second_differences(points) / float(np.median(across))
    return shakes | {"ratio": shakes["anchor"] / shakes["driver"]}


def compare_people(own, driver_pictures, pictures):
    """Identity distances of generated frames to the anchor at rest and to the driver.

    None without dlib.
    """
    try:
        from keras_anchor.identity import IdentityDistance

        distance = IdentityDistance()
    except ModuleNotFoundError as error:
        print(f"Identity is left out. {error}")
        return None
    own, driver, generated = (
        distance.embeddings(np.stack(some))
        for some in ([own], driver_pictures, pictures)
    )
    return {
        "to_anchor": distance(generated, own),
        "to_driver": distance(generated, driver),
        "anchor_to_driver": distance(own, driver),
    }
