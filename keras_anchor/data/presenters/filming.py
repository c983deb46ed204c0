"""Films a built-in presenter: its face points, random performances, the take."""

import functools
import multiprocessing
import os
import signal

import numpy as np

from keras_anchor.consent import NOT_NEEDED
from keras_anchor.controls import BLENDSHAPES, EXPRESSIONS, INDEX, NAMES, clip, pack
from keras_anchor.data.presenters.presenter import Presenter
from keras_anchor.data.takes import write_take
from keras_anchor.face_model import FaceModel

FPS = 25.0
HELDOUT_SHARE = 0.15
# Longer takes only roam more. Speech generalizes from 2,000 frames (train and held-out
# within .4 dB); expressions at random from 1,000 do not (2 to 3 dB apart).
MAX_TALK, MAX_SWEEP, MAX_HELDOUT = 2500, 1000, 600
# Pixels of a 256-pixel frame: how large the head-fixed windows are.
MOUTH_SIZE, EYES_SIZE, FACE_SIZE = (64, 64), (96, 48), (112, 144)
SHAPES = [control.name for control in BLENDSHAPES]
# Mouth shapes that syllables are made of, for performances that look like speech.
SYLLABLES = (
    {"jawOpen": 0.45, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    {"jawOpen": 0.28, "mouthStretchLeft": 0.3, "mouthStretchRight": 0.3},
    {"jawOpen": 0.12, "mouthSmileLeft": 0.35, "mouthSmileRight": 0.35},
    {"jawOpen": 0.30, "mouthFunnel": 0.6},
    {"jawOpen": 0.12, "mouthPucker": 0.75, "mouthFunnel": 0.2},
    {"mouthPressLeft": 0.3, "mouthPressRight": 0.3, "mouthClose": 0.05},
    {"mouthRollLower": 0.6, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3},
    {"jawOpen": 0.08, "mouthShrugUpper": 0.3, "mouthFunnel": 0.35},
    {"jawOpen": 0.10, "mouthUpperUpLeft": 0.25, "mouthUpperUpRight": 0.25},
    {"jawOpen": 0.18, "mouthClose": 0.16, "mouthRollUpper": 0.2},
    {"jawOpen": 0.20, "tongueOut": 0.15},
)


def face_model(presenter):
    """Exact `FaceModel` of about 290 points: skin, lips, lids, irises, teeth, torso.

    Skin points are spread by farthest-point sampling, more where expressions move
    them most.
    """
    rig, spans = presenter.rig, presenter.spans
    size = np.linalg.norm(rig.offsets, axis=2)
    moves = size[: len(SHAPES)].max(0)
    is_mouth = [name.startswith("mouth") or name == "jawOpen" for name in SHAPES]
    is_lid = [name.startswith(("eyeBlink", "eyeSquint", "eyeWide")) for name in SHAPES]
    mouth = size[: len(SHAPES)][is_mouth].max(0)
    lids = size[: len(SHAPES)][is_lid].max(0)

    def spread(span, count, weight, is_candidate):
        candidates = np.arange(span.start, span.stop)[is_candidate[span]]
        places = rig.neutral[candidates]
        chosen = [int(np.argmax(weight[candidates]))]
        gap = np.full(len(candidates), np.inf)
        for _ in range(count - 1):
            gap = np.minimum(gap, ((places - places[chosen[-1]]) ** 2).sum(1))
            chosen.append(int(np.argmax(gap * weight[candidates])))
        return candidates[chosen]

    neck, head = rig.joints
    is_front = (rig.neutral[:, 2] > head[2] - 0.2) & (rig.neutral[:, 1] < neck[1] + 0.2)
    is_seen = (np.abs(rig.neutral[:, :2]) < 1.0).all(1) & (rig.neutral[:, 2] > -0.1)
    skin = spans["skin"]
    surface = [
        spread(skin, 120, 0.03 + moves, is_front),
        spread(skin, 60, mouth, is_front & (mouth > 0.07)),
        spread(skin, 48, lids, is_front & (lids > 0.012)),
        spread(spans["clothes"], 24, np.ones_like(moves), is_seen),
    ]
    irises = []
    for side in (-1, 1):
        eye = np.arange(spans["eyes"].start, spans["eyes"].stop)
        eye = eye[np.sign(rig.neutral[eye, 0]) == side]
        centre = eye[np.argmax(rig.neutral[eye, 2])]
        radius = np.linalg.norm(rig.neutral[eye] - rig.neutral[centre], axis=1)
        ring = eye[np.argsort(np.abs(radius - 0.035))[:40]]
        irises += [centre, *spread_angles(rig.neutral, ring, centre)]
    inner = [
        np.array(irises),
        spread(spans["teeth"], 24, np.ones_like(moves), rig.neutral[:, 2] > head[2]),
        spread(spans["tongue"], 6, np.ones_like(moves), rig.neutral[:, 2] > head[2]),
    ]
    chosen = np.concatenate(surface + inner)
    is_surface = np.arange(len(chosen)) < sum(map(len, surface))
    lips = rig.neutral[surface[1]][:, :2]
    eyes = rig.neutral[irises][:, :2].mean(0)
    mouth_centre = (lips.min(0) + lips.max(0)) / 2.0
    return FaceModel(
        neutral=rig.neutral[chosen].astype("float32"),
        offsets=rig.offsets[:, chosen].astype("float32"),
        skin=rig.skin[chosen].astype("float32"),
        joints=rig.joints,
        distance=rig.distance,
        mouth_box=window(mouth_centre, MOUTH_SIZE),
        eyes_box=window(eyes - [0.0, 0.03], EYES_SIZE),
        face_box=window((eyes + mouth_centre) / 2.0, FACE_SIZE),
        is_surface=is_surface,
    )


def spread_angles(neutral, ring, centre):
    """Four vertices of `ring`, at the four sides of `centre`."""
    sides = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    return ring[np.argmax(sides @ (neutral[ring] - neutral[centre])[:, :2].T, axis=1)]


def window(centre, size):
    """Left, top, right, bottom in `[-1, 1]`, on whole pixels of a 256-pixel frame."""
    first = np.rint((np.asarray(centre) + 1.0) * 128.0 - np.array(size) / 2.0)
    first = 2.0 * np.rint(first / 2.0)
    return (np.concatenate([first, first + size]) / 128.0 - 1.0).astype("float32")


def smooth_noise(rng, num_frames, width, count=1):
    """Noise `(num_frames, count)` of unit variance, smooth over `width` frames."""
    kernel = np.hanning(width + 2)
    noise = rng.normal(size=(num_frames + 2 * width, count))
    noise = np.apply_along_axis(np.convolve, 0, noise, kernel, "same")
    return (noise / np.sqrt((kernel**2).sum()))[width : width + num_frames]


def set_gaze(controls, right, down):
    """Turns both eyes; `right` and `down` `(num_frames,)`, in the image, -1 to 1."""
    for name, values in (
        ("eyeLookOutLeft", right),
        ("eyeLookInRight", right),
        ("eyeLookInLeft", -right),
        ("eyeLookOutRight", -right),
        ("eyeLookDownLeft", down),
        ("eyeLookDownRight", down),
        ("eyeLookUpLeft", -down),
        ("eyeLookUpRight", -down),
    ):
        controls[:, INDEX[name]] = np.maximum(values, 0.0)


def set_pose(rng, controls, scale):
    """Moves head and shoulders; `scale` 1 for wide motion, less for calm."""
    num_frames = len(controls)
    for name, spread, width in (
        ("headYaw", 0.26, 40),
        ("headPitch", 0.13, 34),
        ("headRoll", 0.09, 40),
        ("headX", 0.025, 50),
        ("headY", 0.020, 50),
        ("headScale", 0.04, 60),
        ("torsoX", 0.020, 60),
        ("torsoY", 0.015, 60),
        ("torsoRoll", 0.03, 60),
        ("breath", 0.60, 50),
    ):
        noise = smooth_noise(rng, num_frames, width)[:, 0]
        controls[:, INDEX[name]] = spread * noise * (1.0 if name == "breath" else scale)


def blink(rng, controls, every):
    """Shuts the eyes now and then, `every` frames on average."""
    curve = np.array([0.35, 0.9, 1.0, 0.8, 0.45, 0.15])
    start = int(rng.integers(5, every))
    while start + len(curve) < len(controls):
        for name in ("eyeBlinkLeft", "eyeBlinkRight"):
            column = controls[start : start + len(curve), INDEX[name]]
            np.maximum(column, curve, out=column)
        start += int(every * rng.lognormal(-0.1, 0.5)) + len(curve)


def talk(rng, num_frames):
    """Looks like somebody speaking to a camera: syllables, blinks, glances, nods."""
    controls = np.zeros((num_frames, len(NAMES)))
    frame = 0
    while frame < num_frames:
        for _ in range(int(rng.integers(6, 30))):
            shape = SYLLABLES[rng.integers(len(SYLLABLES))]
            length = int(rng.integers(2, 6))
            strength = rng.uniform(0.4, 1.2)
            for name, value in shape.items():
                controls[frame : frame + length, INDEX[name]] = strength * value
            frame += length
        frame += int(rng.integers(4, 20))
    kernel = np.hanning(6)[1:-1] / np.hanning(6).sum()
    controls = np.apply_along_axis(np.convolve, 0, controls, kernel, "same")
    for names in (
        ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
        ("browDownLeft", "browDownRight"),
        ("mouthSmileLeft", "mouthSmileRight"),
        ("eyeSquintLeft", "eyeSquintRight", "cheekSquintLeft", "cheekSquintRight"),
    ):
        mood = np.maximum(smooth_noise(rng, num_frames, 30)[:, 0] * 0.3 - 0.12, 0.0)
        for name in names:
            controls[:, INDEX[name]] += mood
    glance = np.round(smooth_noise(rng, num_frames, 14, 2)) * 0.25
    set_gaze(controls, glance[:, 0], 0.6 * glance[:, 1])
    set_pose(rng, controls, 0.45)
    blink(rng, controls, 55)
    return controls


def roam(rng, num_frames):
    """Spreads over what controls can ask: many at once, wide poses and gaze."""
    noise = smooth_noise(rng, num_frames, 12, len(SHAPES))
    controls = np.zeros((num_frames, len(NAMES)))
    controls[:, : len(SHAPES)] = np.maximum(noise * 0.40 - 0.22, 0.0)
    jaw = smooth_noise(rng, num_frames, 9)[:, 0]
    controls[:, INDEX["jawOpen"]] = np.maximum(jaw * 0.40, 0.0)
    is_even = smooth_noise(rng, num_frames, 60)[:, 0] < 0.6
    for name in SHAPES:
        if name.endswith("Left") and not name.startswith("eyeLook"):
            other = INDEX[name.removesuffix("Left") + "Right"]
            controls[is_even, other] = controls[is_even, INDEX[name]]
    glance = smooth_noise(rng, num_frames, 10, 2) * [0.45, 0.35]
    set_gaze(controls, glance[:, 0], glance[:, 1])
    set_pose(rng, controls, 1.0)
    blink(rng, controls, 40)
    return controls


def sweep(rng, num_frames):
    """Each control and each named expression alone, at rising strength."""
    poses = [{name: 1.0} for name in SHAPES]
    for name in SHAPES:
        if name.endswith("Left"):
            poses.append({name: 1.0, name.removesuffix("Left") + "Right": 1.0})
    poses += [values for values in EXPRESSIONS.values() if values]
    order = rng.permutation(np.resize(np.arange(len(poses)), num_frames))
    strengths = rng.uniform(0.15, 1.0, num_frames)
    controls = np.stack([pack(poses[i]) for i in order]).astype("float64")
    controls *= strengths[:, None]
    for name, spread in (("headYaw", 0.1), ("headPitch", 0.05)):
        controls[:, INDEX[name]] += spread * rng.normal(size=num_frames)
    return controls


def performances(num_frames, seed=0):
    """Controls `(num_frames, 62)` and which of them are for training `(num_frames,)`.

    Half is speech-like; a sixth shows controls alone, to train on only; the rest
    roams, and the longer the take, the more. The last of the speech and of the
    roaming is held out.
    """
    rng = np.random.default_rng(seed)
    num_talk = min(num_frames // 2, MAX_TALK)
    num_sweep = min(num_frames // 6, MAX_SWEEP)
    num_roam = num_frames - num_talk - num_sweep
    parts = talk(rng, num_talk), sweep(rng, num_sweep), roam(rng, num_roam)
    num_heldout = min(round(HELDOUT_SHARE * num_frames), MAX_HELDOUT) // 2
    is_train = [np.arange(len(part)) < len(part) - num_heldout for part in parts]
    is_train[1][:] = True
    return clip(np.concatenate(parts)), np.concatenate(is_train)


def draw(job):
    """Renders frames in a process of its own; `job` is name, controls, size."""
    name, controls, size = job
    return [cached_presenter(name).render(row, size) for row in controls]


@functools.cache
def cached_presenter(name):
    return Presenter(name)


def film(name, folder, num_frames=4000, size=256, seed=0):
    """Renders presenter `name` into a take at `folder`; a seed repeats a take."""
    from tqdm import tqdm

    model = face_model(Presenter(name))
    controls, is_train = performances(num_frames, seed)
    jobs = [(name, part, size) for part in np.array_split(controls, num_frames // 20)]
    os.environ.setdefault("LP_NUM_THREADS", "1")  # One core a process draws best.
    context = multiprocessing.get_context("spawn")
    # Ctrl-C is for this process alone: leaving the pool ends the others.
    ignore = signal.SIGINT, signal.SIG_IGN
    with (
        context.Pool(os.cpu_count(), signal.signal, ignore) as pool,
        tqdm(total=num_frames) as progress,
    ):

        def frames():
            for drawn in pool.imap(draw, jobs):
                progress.update(len(drawn))
                yield from drawn

        info = {
            "presenter": name,
            "seed": seed,
            "synthetic": True,
            "licence": "CC0-1.0",
            "consent": NOT_NEEDED,
        }
        return write_take(
            folder, frames(), controls, FPS, name, model, is_train, info=info
        )
