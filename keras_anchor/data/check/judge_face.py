"""Judges who is in a clip, how large, and whether all of the face is seen."""

import numpy as np

from keras_anchor.data.check.changes import find_cuts
from keras_anchor.data.check.findings import (
    OK,
    STOP,
    WARNING,
    Finding,
    describe_spans,
    find_spans,
    keep_spans,
    percent,
    worst,
)
from keras_anchor.data.faces import canonical_face, fit_similarity

# Ear to ear, in pixels: for nothing, for anchors of 256 and of 512 pixels.
LEAST_WIDTH, LITE_WIDTH, STANDARD_WIDTH = 60, 140, 280
# The proportions of one person differ by up to .13 over time, of two people we had by
# .15 to .39: root mean square centimetres of a face of average size.
MAX_DIFFERENCE, MIN_PERSON_SECONDS, MAX_FITTED = 0.2, 2.0, 60
# A second face counts if it is this large against the first.
SECOND_FACE_SHARE = 0.5
# The lips of our clips differ from the skin by 2 to 41, and are redder by 1 to 30.
MIN_LIP_CONTRAST, MIN_LIP_REDNESS, MIN_COLOUR = 1.8, -2.5, 4.0
# Shut lids have a contrast of .04 and more, dark glasses of 0; skin around the eyes
# has .41 and more of the forehead's lightness, dark glasses under .15.
MIN_EYE_CONTRAST, MIN_EYE_LIGHT = 0.025, 0.3
HIDDEN_SECONDS = 0.4


def judge_faces(walk):
    """All findings about the face."""
    findings = [judge_presence(walk), judge_number(walk)]
    if walk.has_face.any():
        findings += [
            judge_person(walk),
            judge_size(walk),
            judge_border(walk),
            judge_mouth(walk),
            judge_eyes(walk),
        ]
    return findings


def judge_presence(walk):
    is_lost = ~walk.has_face
    share = is_lost.mean()
    severity = STOP if share > 0.5 else WARNING if share > 0.02 else OK
    spans = find_spans(walk.times, is_lost)
    sentence = "A face is seen throughout."
    if severity == STOP:
        sentence = (
            f"No face is seen in {percent(share)} of the clip. Film one person who "
            "looks at the camera, upright, near enough and well lit."
        )
    elif severity == WARNING:
        sentence = (
            f"The face is lost in {percent(share)} of the clip{describe_spans(spans)}. "
            "Stay in the picture, and turn only as far as the camera sees both eyes."
        )
    return Finding("face", severity, sentence, spans, worst(is_lost, is_lost))


def judge_number(walk):
    others = np.array(
        [
            sample.boxes[1, 2] / sample.boxes[0, 2] if len(sample.boxes) > 1 else 0.0
            for sample in walk.samples
        ]
    )
    share, large = (others > 0).mean(), (others > SECOND_FACE_SHARE).mean()
    severity = STOP if large > 0.1 else WARNING if share > 0.02 else OK
    spans = find_spans(walk.times, others > 0)
    sentence = "Nobody else is in the picture."
    if severity != OK:
        sentence = (
            f"Two or more faces are seen in {percent(share)} of the clip"
            f"{describe_spans(spans)}. Film one person alone: no one behind, no "
            "mirror, no portrait or screen with a face in the picture."
        )
    pictures = worst(others, others > 0)
    return Finding("second_face", severity, sentence, spans, pictures)


def judge_person(walk):
    """Whether the parts between cuts show the same person."""
    parts = split_at_cuts(walk)
    shapes = [
        (part, measure_shape([walk.samples[place].face for place in part]))
        for part in parts
        if len(part) * walk.seconds / len(walk.samples) >= MIN_PERSON_SECONDS
    ]
    weights = canonical_face()[1]
    finding = Finding("person", OK, "It is the same person throughout.")
    for part, shape in shapes[1:]:
        difference = np.sqrt(
            np.average(((shape - shapes[0][1]) ** 2).sum(1), weights=weights)
        )
        if difference > MAX_DIFFERENCE:
            finding.spans.append((walk.times[part[0]], walk.times[part[-1]]))
            finding.pictures += [int(shapes[0][0][0]), int(part[len(part) // 2])]
    if finding.spans:
        finding.severity = STOP
        finding.sentence = (
            "Another person seems to be in the picture after a cut"
            f"{describe_spans(finding.spans)}. An anchor has one face: cut the clip "
            "so that it shows one person only."
        )
        finding.pictures = list(dict.fromkeys(finding.pictures))[:4]
    return finding


def split_at_cuts(walk):
    """Places of the samples with a face, in one array for each part between cuts."""
    cuts = find_cuts(walk.changes, walk.fps) / walk.fps
    part = np.searchsorted(cuts, walk.times, side="right")
    return [
        np.flatnonzero((part == index) & walk.has_face)
        for index in range(len(cuts) + 1)
    ]


def measure_shape(faces):
    """The usual shape `(468, 3)` of a face, upright, in centimetres of a usual one."""
    canonical, weights = canonical_face()
    shapes = []
    for face in faces[:: max(1, len(faces) // MAX_FITTED)]:
        target = face.landmarks[:468] * (1.0, 1.0, -1.0)
        scale, turn, shift = fit_similarity(canonical, target, weights)
        shapes.append((target - shift) @ turn / scale)
    return np.median(shapes, 0)


def judge_size(walk):
    widths = walk.measure("face_width")
    width = float(np.nanmedian(widths))
    shown = f"The face is {width:.0f} pixels wide from ear to ear"
    nearer = "Film nearer, or with a higher resolution."
    if width < LEAST_WIDTH:
        severity, advice = STOP, f"; at least {LITE_WIDTH} are needed. {nearer}"
    elif width < LITE_WIDTH:
        severity = WARNING
        advice = f"; an anchor of 256 pixels wants {LITE_WIDTH}. {nearer}"
    else:
        severity, advice = OK, ", enough for an anchor of 256 pixels."
        if width >= STANDARD_WIDTH:
            advice = ", enough for anchors of 256 and of 512 pixels."
    pictures = worst(-widths, walk.has_face) if severity != OK else []
    return Finding("face_size", severity, shown + advice, [], pictures)


def judge_border(walk):
    margins = walk.measure("margin", np.inf)
    is_cut = margins < 0.0
    share = is_cut.mean()
    severity = STOP if (margins < -0.1).mean() > 0.3 else WARNING
    spans = find_spans(walk.times, is_cut)
    if share < 0.01:
        return Finding("border", OK, "The whole face is in the picture.")
    sentence = (
        f"The border cuts the face in {percent(share)} of the clip"
        f"{describe_spans(spans)}. Leave the width of a face free at each side, and "
        "half of one above the hair."
    )
    return Finding("border", severity, sentence, spans, worst(-margins, is_cut))


def judge_mouth(walk):
    """Lips that differ from the skin around them by nothing are not seen."""
    contrasts, redness = walk.measure("lip_contrast"), walk.measure("lip_redness")
    if np.nanmedian(walk.measure("colour")) < MIN_COLOUR:
        return Finding(
            "mouth", OK, "Whether something hides the mouth can't be told in grey."
        )
    is_hidden = (contrasts < MIN_LIP_CONTRAST) | (redness < MIN_LIP_REDNESS)
    return judge_hidden(
        walk,
        "mouth",
        is_hidden,
        "The mouth is in sight.",
        "The mouth seems to be hidden",
        "Take off a mask, keep hands, cup and microphone away from the lips. (Judged "
        "by colour: very pale lips look the same.)",
    )


def judge_eyes(walk):
    contrast, light = walk.measure("eye_contrast"), walk.measure("eye_light")
    is_hidden = (contrast < MIN_EYE_CONTRAST) | (light < MIN_EYE_LIGHT)
    return judge_hidden(
        walk,
        "eyes",
        is_hidden,
        "The eyes are in sight.",
        "The eyes seem to be hidden or in deep shadow",
        "Take off dark glasses, keep hair and hands away from the eyes, and put the "
        "light in front of you rather than above.",
    )


def judge_hidden(walk, key, is_hidden, fine, wrong, advice):
    is_hidden = keep_spans(walk.times, is_hidden, HIDDEN_SECONDS)
    share = is_hidden.mean()
    if share < 0.01:
        return Finding(key, OK, fine)
    spans = find_spans(walk.times, is_hidden)
    return Finding(
        key,
        STOP if share > 0.5 else WARNING,
        f"{wrong} in {percent(share)} of the clip{describe_spans(spans)}. {advice}",
        spans,
        worst(is_hidden, is_hidden),
        is_about_face=True,
    )
