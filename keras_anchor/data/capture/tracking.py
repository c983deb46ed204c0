"""What a face tracker sees in the frames of a video, kept so that it can go on."""

import shutil
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from keras_anchor.data.ahead import ahead
from keras_anchor.data.capture.fit_face import smooth
from keras_anchor.data.capture.torso import TorsoTracker
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.landmarks import OVAL, SKIN
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import MIN_SECONDS, probe
from keras_anchor.files import read_json, write_json, writing

# The face is this share of the crop's width, its centre this share down.
FACE_SHARE, FACE_CENTRE = 0.40, 0.48
# The crop follows a head that goes farther than this share of its side, this slowly.
FREE_SHARE, FOLLOW_SECONDS = 0.1, 0.3
# Light that changes more slowly than this is kept as it is in most of the clip.
LIGHT_SECONDS, MAX_GAIN = 1.0, 1.3
# A tracking that is interrupted loses at most so many frames.
PART_FRAMES = 500
SEEN = ("indices", "landmarks", "blendshapes", "torso", "skin")


@dataclass
class Track:
    """What was seen in the frames of a video that show a face.

    Args:
        indices: `(num_tracked,)` their places in the video.
        landmarks: `(num_tracked, 478, 3)` as in `Face`, pixels.
        blendshapes: `(num_tracked, 52)`.
        torso: `(num_tracked, 3)` shift in pixels and roll in radians.
        skin: `(num_tracked, 3)` mean colour of the face, `[0, 255]`.
        num_frames: Of the part of the video that was looked at.
        width, height: Of its frames.
        fps: Frames a second.
    """

    indices: np.ndarray
    landmarks: np.ndarray
    blendshapes: np.ndarray
    torso: np.ndarray
    skin: np.ndarray
    num_frames: int
    width: int
    height: int
    fps: float

    def __post_init__(self):
        self.side, self.corners = self.frame_head()

    def frame_head(self):
        """A square around head and shoulders for each frame.

        It stands still, unless the head leaves its middle: then it follows.

        Returns:
            side: In pixels.
            corners: `(num_tracked, 2)` integers, left and top.
        """
        outline = self.landmarks[:, list(OVAL), :2]
        face_width = np.median(np.ptp(outline[..., 0], axis=1))
        side = min(self.width, self.height, round(face_width / FACE_SHARE))
        centres = outline.mean(1)
        middle = np.median(centres, 0)
        free = FREE_SHARE * side
        excess = centres - middle
        excess -= np.clip(excess, -free, free)
        excess = blur(excess, FOLLOW_SECONDS * self.fps)
        corners = middle + excess - np.array([0.5, FACE_CENTRE]) * side
        limits = np.array([self.width, self.height]) - side
        return side, np.rint(np.clip(corners, 0, limits)).astype(int)

    @property
    def gains(self):
        """`(num_tracked, 3)` by which colours are multiplied to keep the light.

        Cameras adjust their exposure, and clouds pass. Only what changes slowly is
        taken back: shadows of a turning head are the face's own.
        """
        slow = np.exp(
            blur(np.log(np.maximum(self.skin, 1.0)), LIGHT_SECONDS * self.fps)
        )
        return np.clip(np.median(slow, 0) / slow, 1.0 / MAX_GAIN, MAX_GAIN)

    def normalized(self):
        """Smoothed landmarks in half frames, z to the viewer, and torso shifts.

        Returns:
            landmarks: `(num_tracked, 478, 3)`.
            torso: `(num_tracked, 3)`, crop widths and radians, from the usual place.
        """
        centres = np.concatenate(
            [self.corners + self.side / 2.0, np.zeros((len(self.corners), 1))], 1
        )
        landmarks = self.landmarks - centres[:, None]
        landmarks = smooth(landmarks * np.array([2.0, 2.0, -2.0]) / self.side)
        torso = self.torso - centres * (1.0, 1.0, 0.0)
        torso = torso - np.median(torso, 0)
        return landmarks, smooth(torso / np.array([self.side, self.side, 1.0]))


def blur(values, sigma):
    """Gaussian mean along the first axis, of which `sigma` is the width in steps."""
    radius = max(1, round(3 * sigma))
    kernel = np.exp(-0.5 * np.square(np.arange(-radius, radius + 1) / max(sigma, 1e-6)))
    kernel /= kernel.sum()
    padded = np.pad(values, [(radius, radius), (0, 0)], "edge")
    columns = [np.convolve(column, kernel, "valid") for column in padded.T]
    return np.stack(columns, 1)


def track_faces(video_path, progress, span=(0.0, None), kept_folder=None):
    """Looks at a video once and returns its `Track`.

    Args:
        progress: Called with `"track"`, frames done and frames in all.
        span: Seconds at which to start, and how many to look at; None for all.
        kept_folder: Where what was seen is kept, part by part, so that the same call
            goes on after an interruption; None keeps nothing.

    Raises:
        ValueError: If the video cannot be used: unreadable, under 2 seconds, or
            without a face in more than half of its frames.
    """
    facts = probe(video_path)
    fps = facts.fps
    first, total = facts.frames_of(*span)
    file = Path(video_path).stat()
    source = [str(video_path), file.st_size, file.st_mtime_ns, *span]
    parts = load_parts(kept_folder, source)
    tracker, torso_tracker = FaceTracker(), TorsoTracker()
    num_frames = sum(int(part["num_frames"]) for part in parts)
    if parts:
        tracker.crop = tuple(parts[-1]["crop"]) if parts[-1]["crop"].size else None
        seen = [part for part in parts if len(part["indices"])]
        if seen:
            start = next(read_frames(video_path, int(seen[0]["indices"][0])))
            torso_tracker(start, seen[0]["landmarks"][0])
    part = new_part()
    images = islice(read_frames(video_path, first + num_frames), total - num_frames)
    for image in ahead(images):
        face = tracker(image)
        if face is not None:
            part["indices"].append(first + num_frames)
            part["landmarks"].append(face.landmarks)
            part["blendshapes"].append(face.blendshapes)
            part["torso"].append(torso_tracker(image, face.landmarks))
            part["skin"].append(skin_colour(image, face.landmarks))
        part["num_frames"] += 1
        part["picture"] = image.shape[1::-1]
        part["crop"] = () if tracker.crop is None else tracker.crop
        num_frames += 1
        progress("track", num_frames, total)
        if part["num_frames"] == PART_FRAMES:
            parts.append(keep_part(kept_folder, len(parts), part))
            part = new_part()
    parts.append(pack_part(part))
    return join_parts(parts, video_path, fps)


def skin_colour(image, landmarks):
    """Mean colour `(3,)` of small squares of skin."""
    radius = max(1, round(0.02 * np.ptp(landmarks[list(OVAL), 0])))
    limits = np.array(image.shape[1::-1]) - 2 * radius - 1
    corners = landmarks[list(SKIN), :2].astype(int) - radius
    squares = [
        image[y : y + 2 * radius + 1, x : x + 2 * radius + 1].mean((0, 1))
        for x, y in np.clip(corners, 0, limits)
    ]
    return np.mean(squares, 0)


def new_part():
    return {
        **{name: [] for name in SEEN},
        "num_frames": 0,
        "picture": (0, 0),
        "crop": (),
    }


def pack_part(part):
    return {name: np.array(value) for name, value in part.items()}


def keep_part(folder, number, part):
    """Writes a part into the folder, if there is one, and returns it as arrays."""
    part = pack_part(part)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        with writing(folder / f"{number:05}.npz") as path:
            np.savez(path, **part)
    return part


def load_parts(folder, source):
    """What an interrupted call with the same source has kept."""
    if folder is None:
        return []
    path = folder / "source.json"
    if path.exists() and read_json(path) == source:
        return [dict(np.load(part)) for part in sorted(folder.glob("[0-9]*.npz"))]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_json(path, source)
    return []


def join_parts(parts, video_path, fps):
    """The `Track` of all parts.

    Raises:
        ValueError: If there is too little to make one of.
    """
    num_frames = sum(int(part["num_frames"]) for part in parts)
    if num_frames < MIN_SECONDS * fps:
        raise ValueError(
            f"{video_path} lasts {num_frames / fps:.1f} s. Expected at least "
            f"{MIN_SECONDS:g} s, better one minute or more."
        )
    seen = [part for part in parts if len(part["indices"])]
    num_faces = sum(len(part["indices"]) for part in seen)
    if num_faces < num_frames / 2:
        raise ValueError(
            f"{video_path} shows a face in {num_faces} of {num_frames} frames. "
            "Expected one person looking at the camera in nearly all of them."
        )
    width, height = seen[0]["picture"]
    return Track(
        **{name: np.concatenate([part[name] for part in seen]) for name in SEEN},
        num_frames=num_frames,
        width=int(width),
        height=int(height),
        fps=fps,
    )
