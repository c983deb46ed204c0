"""Scores a run on the held-out part of its take, beside simple rivals."""

from pathlib import Path

import numpy as np

from keras_anchor.agreement import points_error, score_agreement
from keras_anchor.controls import HIGH, INDEX, LOW, NAMES, NEUTRAL
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.takes import Take
from keras_anchor.files import write_json
from keras_anchor.frames import composite, resize, to_uint8
from keras_anchor.identity import IdentityDistance, mean_person
from keras_anchor.metrics import (
    MID_GREY,
    lip_gap,
    nearest_frames,
    read_faces,
    score_frames,
    score_obedience,
    score_sweeps,
    second_differences,
    shake,
    sweeps,
)
from keras_anchor.pairs import write_pairs
from keras_anchor.perceptual import PerceptualDistance
from keras_anchor.runs import load_generator

NUDGE = 0.01
# A hundredth of these moves or sizes head or shoulders as a whole, by definition.
SHIFTS = ("headX", "headY", "headScale", "torsoX", "torsoY")
NUM_TRACKED = 200
# An embedding takes 60 milliseconds.
NUM_IDENTIFIED = 60


def measure(run_folder, take_folder, reference_folder=None):
    """Writes `metrics.json`, and `pairs` to look at, into the run.

    Every held-out frame is generated and compared with the truth, next to the mean
    training frame and the nearest one; the tracker reads generated and true frames.

    Args:
        reference_folder: A run without the adversarial part, to compare with.

    Returns:
        The path of `metrics.json`.
    """
    take = Take(take_folder)
    face_model = take.face_model
    generator = load_generator(run_folder)
    size = generator.output_shape[1]
    (train_frames, _), (truth, controls) = (
        sized(take.arrays(split), size) for split in ("train", "heldout")
    )
    try:
        distance = PerceptualDistance()
    except ModuleNotFoundError as error:
        print(f"Perceptual distance is left out. {error}")
        distance = None

    def score(frames, distance=None):
        return score_frames(face_model, controls, frames, truth, distance)

    frames = generate(generator, controls)
    mean = np.rint(train_frames.mean(0, dtype="float32")).astype("uint8")
    nearest = train_frames[nearest_frames(truth, train_frames)]
    metrics = {
        "num_frames": len(truth),
        "perceptual_extractor": distance and distance.name,
        "boxes": score(frames, distance),
        "mean_frame": score(np.broadcast_to(mean, truth.shape)),
        "nearest_frame": score(nearest),
    }
    if reference_folder is not None:
        reference = load_generator(reference_folder)
        metrics["without_adversarial"] = score(generate(reference, controls), distance)
    metrics |= score_identity(train_frames, frames, truth)
    metrics |= score_faces(face_model, controls, frames, truth)
    metrics["obedience"] = score_alone(generator)
    metrics["steadiness"] |= score_nudges(generator)
    write_pairs(Path(run_folder, "pairs"), face_model, controls, frames, truth)
    path = Path(run_folder, "metrics.json")
    write_json(path, metrics)
    return path


def sized(arrays, size):
    frames, controls = arrays
    if frames.shape[1] != size:
        frames = np.stack([resize(frame, size) for frame in frames])
    return frames, controls


def generate(generator, controls):
    """Frames uint8 `(n, size, size, channels)` for controls `(n, 62)`."""
    noise = np.zeros((len(controls), generator.inputs[1].shape[-1]), "float32")
    return to_uint8(generator.predict([controls, noise], batch_size=8, verbose=0))


def spread(frames, count):
    """Indices of up to `count` frames, evenly spaced."""
    count = min(count, len(frames))
    return np.unique(np.linspace(0, len(frames) - 1, count).astype(int))


def score_identity(train_frames, frames, truth):
    """How far generated and true held-out frames are from the person of the take."""
    try:
        distance = IdentityDistance()
    except ModuleNotFoundError as error:
        print(f"Identity distance is left out. {error}")
        return {}
    embeddings = [
        distance.embeddings(composite(some[spread(some, NUM_IDENTIFIED)], MID_GREY))
        for some in (train_frames, frames, truth)
    ]
    person = mean_person(embeddings[0])
    scores = [distance(some, person) for some in embeddings[1:]]
    names = ("generated", "truth")
    return {
        "identity": {"network": distance.name, **dict(zip(names, scores, strict=True))}
    }


def score_alone(generator):
    """How well the tracker reads off what was asked, one thing at a time."""
    rows = sweeps()
    frames = generate(generator, rows.reshape(-1, rows.shape[-1]))
    return score_sweeps(rows, read_faces(FaceTracker(), frames))


def score_faces(face_model, controls, frames, truth):
    """What the tracker sees in held-out frames, and what it makes of the truth.

    There everything moves at once, which confuses the tracker on true frames too.
    """
    some = spread(frames, NUM_TRACKED)
    first = slice(NUM_TRACKED)
    tracker = FaceTracker()
    faces = {
        name: (read_faces(tracker, picked[some]), read_faces(tracker, picked[first]))
        for name, picked in (("generated", frames), ("truth", truth))
    }
    asked = controls[some]
    head = face_model.points(controls[first])[:, face_model.is_head]
    shakes = {
        "shake": shake(faces["generated"][1]),
        "shake_of_truth": shake(faces["truth"][1]),
        "shake_of_performance": second_differences(head) * frames.shape[1] / 2.0,
    }
    return {
        "points_error_pixels": points_error(faces["generated"][0], faces["truth"][0]),
        "tracked": score_agreement(faces["generated"][0], faces["truth"][0]),
        "heldout_obedience": score_obedience(asked, faces["generated"][0]),
        "heldout_obedience_of_truth": score_obedience(asked, faces["truth"][0]),
        "steadiness": {name: value for name, value in shakes.items() if value},
    }


def score_nudges(generator):
    """What a hundredth of a control moves, in 255ths, and whether a mouth shuts."""
    columns = [INDEX[name] for name in NAMES if name not in SHIFTS]
    nudged = np.repeat(NEUTRAL[None], 2 * len(columns), 0)
    for row, column in enumerate(columns):
        nudged[2 * row : 2 * row + 2, column] += (NUDGE, -NUDGE)
    rest = np.repeat(NEUTRAL[None], 2, 0)
    rest[1, INDEX["jawOpen"]] = 1.0
    frames = generate(generator, np.concatenate([np.clip(nudged, LOW, HIGH), rest]))
    moved = frames[:-2].astype("float32") - frames[-2]
    shut, opened = read_faces(FaceTracker(), frames[-2:])
    scores = {"largest_move": float(np.abs(moved).mean((1, 2, 3)).max())}
    if shut is not None and opened is not None:
        scores["lips_at_rest"] = lip_gap(shut) / max(lip_gap(opened), 1e-6)
    return scores
