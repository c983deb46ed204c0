"""From a video of one person to a take, or to a performance for another anchor."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_anchor.consent import to_record
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.fit_face import (
    OVAL,
    fit_face_model,
    fit_head,
    smooth,
    track_controls,
)
from keras_anchor.data.matting import cut_frames
from keras_anchor.data.takes import TRAIN_SHARE, check_free, write_take
from keras_anchor.data.torso import TorsoTracker
from keras_anchor.data.video import (
    MIN_SECONDS,
    SAMPLE_RATE,
    ahead,
    check_video,
    count_frames,
    read_frames,
    read_sound,
)
from keras_anchor.files import write_json
from keras_anchor.performance import Performance

# The face is this share of the crop's width, its centre this share down.
FACE_SHARE, FACE_CENTRE = 0.40, 0.48


@dataclass
class Track:
    """What was seen in the frames of a video that show a face.

    Args:
        indices: `(num_tracked,)` their places in the video.
        landmarks: `(num_tracked, 478, 3)` as in `Face`, pixels.
        blendshapes: `(num_tracked, 52)`.
        torso: `(num_tracked, 3)` shift in pixels and roll in radians.
        num_frames: Of the whole video.
        width, height: Of its frames.
        fps: Frames a second.
    """

    indices: np.ndarray
    landmarks: np.ndarray
    blendshapes: np.ndarray
    torso: np.ndarray
    num_frames: int
    width: int
    height: int
    fps: float

    @property
    def crop(self):
        """The fixed square `(left, top, side)` in pixels around head and shoulders."""
        outline = self.landmarks[:, list(OVAL), :2]
        face_width = np.median(np.ptp(outline[..., 0], axis=1))
        side = min(self.width, self.height, round(face_width / FACE_SHARE))
        x, y = np.median(outline.mean(1), 0)
        left = np.clip(x - side / 2.0, 0, self.width - side)
        top = np.clip(y - FACE_CENTRE * side, 0, self.height - side)
        return round(left), round(top), side


def print_progress(stage, count, total):
    """Tells how far a capture is, ten times or so."""
    if count % max(1, total // 10) == 0:
        print(f"{stage}: {count} of about {total} frames", file=sys.stderr)


def capture(
    video_path, folder, size=256, name=None, consent=None, progress=print_progress
):
    """Makes a take of a video of one person looking at the camera.

    The video is read twice, a frame at a time: once to track the face, once to cut
    out the person and write the frames.

    Args:
        folder: Where the take will lie. It must not exist.
        size: Of the frames, in pixels.
        name: Of the take; the file's name by default.
        consent: The `Consent` of the person; None where nothing is known.
        progress: Called with a stage's name, frames done and frames in all.

    Returns:
        The folder, as a `Path`.

    Raises:
        ValueError: If the file cannot be used: unreadable, without a picture, under
            2 seconds, or without a face in more than half of its frames.
    """
    started = time.monotonic()
    folder = Path(folder)
    check_free(folder)
    track = track_faces(video_path, progress)
    landmarks, head, controls = fit_track(track)
    is_train = np.arange(len(controls)) < round(TRAIN_SHARE * len(controls))
    face_model, error = fit_face_model(controls, landmarks, head, is_train)
    seconds = track.num_frames / track.fps
    sound = read_sound(video_path, seconds)
    facts = {
        "source": Path(video_path).name,
        "num_video_frames": track.num_frames,
        "num_dropped_frames": track.num_frames - len(controls),
        "fps": track.fps,
        "seconds": round(seconds, 3),
        "picture": [track.width, track.height],
        "crop": track.crop,
        "has_sound": sound is not None,
        "points_error_pixels": round(error * size / 2.0, 3),
    }
    write_take(
        folder=folder,
        frames=cut_frames(video_path, track, size, progress),
        controls=controls,
        fps=track.fps,
        name=name or Path(video_path).stem,
        face_model=face_model,
        is_train=is_train,
        sound=sound,
        sample_rate=SAMPLE_RATE,
        info={"synthetic": False, "consent": to_record(consent), "capture": facts},
    )
    elapsed = time.monotonic() - started
    facts["elapsed_seconds"] = round(elapsed, 2)
    facts["frames_per_second"] = round(track.num_frames / elapsed, 1)
    write_json(folder / "capture.json", facts)
    return folder


def track_video(video_path, progress=print_progress):
    """The `Performance` of a person in a video, to drive any anchor with.

    Expressions and pose are measured from the person's own usual ones. Where no face
    was seen for a moment, the controls before and after are joined.

    Raises:
        ValueError: As `capture`.
    """
    track = track_faces(video_path, progress)
    _, _, controls = fit_track(track)
    times = np.arange(track.num_frames)
    columns = [np.interp(times, track.indices, column) for column in controls.T]
    return Performance(
        controls=np.stack(columns, 1).astype("float32"),
        fps=track.fps,
        sound=read_sound(video_path, track.num_frames / track.fps),
        sample_rate=SAMPLE_RATE,
    )


def track_faces(video_path, progress):
    """Reads a video once and returns its `Track`."""
    fps = check_video(video_path)
    total = count_frames(video_path)
    tracker, torso_tracker = FaceTracker(), TorsoTracker()
    indices, faces, torso, num_frames = [], [], [], 0
    for image in ahead(read_frames(video_path)):
        face = tracker(image)
        if face is not None:
            indices.append(num_frames)
            faces.append(face)
            torso.append(torso_tracker(image, face.landmarks))
        num_frames += 1
        progress("track", num_frames, total)
    if num_frames < MIN_SECONDS * fps:
        raise ValueError(
            f"{video_path} lasts {num_frames / fps:.1f} s. Expected at least "
            f"{MIN_SECONDS:g} s, better one minute or more."
        )
    if len(faces) < num_frames / 2:
        raise ValueError(
            f"{video_path} shows a face in {len(faces)} of {num_frames} frames. "
            "Expected one person looking at the camera in nearly all of them."
        )
    return Track(
        indices=np.array(indices),
        landmarks=np.stack([face.landmarks for face in faces]),
        blendshapes=np.stack([face.blendshapes for face in faces]),
        torso=np.stack(torso),
        num_frames=num_frames,
        width=image.shape[1],
        height=image.shape[0],
        fps=fps,
    )


def fit_track(track):
    """Smoothed landmarks in half frames, the `Head`, and controls of a track."""
    left, top, side = track.crop
    landmarks = track.landmarks - np.array([left + side / 2.0, top + side / 2.0, 0.0])
    landmarks = smooth(landmarks * np.array([2.0, 2.0, -2.0]) / side)
    head = fit_head(landmarks)
    torso = track.torso - np.median(track.torso, 0)
    torso = smooth(torso / np.array([side, side, 1.0]))
    return landmarks, head, track_controls(smooth(track.blendshapes), head, torso)
