"""From a video of one person to a take, or to a performance for another anchor."""

import shutil
import time
from pathlib import Path

import numpy as np

from keras_anchor.consent import to_record
from keras_anchor.data.capture.fit_face import fit_controls, fit_face, smooth
from keras_anchor.data.capture.matting import cut_frames
from keras_anchor.data.capture.person import build_face_model, points_error
from keras_anchor.data.capture.tracking import track_faces
from keras_anchor.data.takes import TRAIN_SHARE, check_free, write_take
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound, sound_blocks
from keras_anchor.files import write_json
from keras_anchor.performance import Performance

# More than this teaches an anchor little, and takes memory.
MAX_SECONDS = 600.0
# Sizes of frames, and the pixels of the video that the large one needs.
SMALL, LARGE, MIN_LARGE = 256, 512, 400


def capture(
    video_path,
    folder,
    size=None,
    name=None,
    start=0.0,
    seconds=MAX_SECONDS,
    consent=None,
    is_fitted=True,
    progress=lambda stage, count, total: None,
):
    """Makes a take of a video of one person looking at the camera.

    The video is read twice, a frame at a time: once to track the face, once to cut
    out the person and write the frames. What was tracked is kept beside `folder`
    until the take is whole, so that the same call goes on after an interruption.

    Args:
        folder: Where the take will lie. It must not exist.
        size: Of the frames, in pixels; by default 512, or 256 where the video shows
            head and shoulders smaller than `MIN_LARGE`.
        name: Of the take; the file's name by default.
        start: Second of the video at which to start.
        seconds: How many to use, at most.
        consent: The `Consent` of the person who is shown; None is kept as unknown.
        is_fitted: As in `fit_face`.
        progress: Called with a stage's name, frames done and frames in all.

    Returns:
        The folder, as a `Path`.

    Raises:
        ValueError: If the file cannot be used: unreadable, without a picture, under
            2 seconds, or without a face in more than half of its frames.
    """
    began = time.monotonic()
    folder = Path(folder)
    check_free(folder)
    kept_folder = folder.with_name(f".{folder.name}.tracked")
    track = track_faces(video_path, progress, (start, seconds), kept_folder)
    size = size or (LARGE if track.side >= MIN_LARGE else SMALL)
    landmarks, torso = track.normalized()
    is_train = np.arange(len(landmarks)) < round(TRAIN_SHARE * len(landmarks))
    fit = fit_face(landmarks, smooth(track.blendshapes), is_train, is_fitted)
    controls = fit_controls(fit, torso)
    face_model = build_face_model(fit, is_train)
    error = points_error(face_model, controls[~is_train], landmarks[~is_train])
    has_sound = probe(video_path).has_sound
    seconds = track.num_frames / track.fps
    facts = {
        "source": Path(video_path).name,
        "start": start,
        "num_video_frames": track.num_frames,
        "num_dropped_frames": track.num_frames - len(controls),
        "fps": track.fps,
        "seconds": round(seconds, 3),
        "picture": [track.width, track.height],
        "crop_side": track.side,
        "crop_follows": bool(np.ptp(track.corners, axis=0).any()),
        "has_sound": has_sound,
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
        sound=sound_blocks(video_path, seconds, start) if has_sound else None,
        sample_rate=SAMPLE_RATE,
        info={"synthetic": False, "consent": to_record(consent), "capture": facts},
    )
    shutil.rmtree(kept_folder, ignore_errors=True)
    elapsed = time.monotonic() - began
    facts["elapsed_seconds"] = round(elapsed, 2)
    facts["frames_per_second"] = round(track.num_frames / elapsed, 1)
    write_json(folder / "capture.json", facts)
    return folder


def track_video(video_path, progress=lambda stage, count, total: None):
    """The `Performance` of a person in a video, to drive any anchor with.

    Expressions and pose are measured from the person's own usual ones. Where no face
    was seen for a moment, the controls before and after are joined.

    Raises:
        ValueError: As `capture`.
    """
    track = track_faces(video_path, progress)
    landmarks, torso = track.normalized()
    fit = fit_face(landmarks, smooth(track.blendshapes))
    controls = fit_controls(fit, torso)
    times = np.arange(track.num_frames)
    columns = [np.interp(times, track.indices, column) for column in controls.T]
    return Performance(
        controls=np.stack(columns, 1).astype("float32"),
        fps=track.fps,
        sound=read_sound(video_path, track.num_frames / track.fps),
        sample_rate=SAMPLE_RATE,
    )
