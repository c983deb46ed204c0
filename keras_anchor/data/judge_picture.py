"""Judges light, sharpness, camera and file of a clip."""

import numpy as np

from keras_anchor.data.changes import find_cuts, find_frozen, find_repeats
from keras_anchor.data.findings import (
    OK,
    STOP,
    WARNING,
    Finding,
    describe_spans,
    find_spans,
    percent,
    worst,
)
from keras_anchor.data.judge_face import split_at_cuts
from keras_anchor.data.video import MIN_SECONDS

GOOD_SECONDS = 15.0
# Brightness of the face's brightest parts; our clips have 113 to 215.
DARK, BLACK = 80.0, 40.0
# White share of a face.
BLOWN, MOSTLY_BLOWN = 0.05, 0.3
# How much brighter than the face its surroundings are, where the face is dark.
BACKLIGHT, BACKLIT_FACE = 60.0, 110.0
# Our clips have .38 to .54; a blur of 1 % of the face's width raises that by .1.
SOFT, BLURRED, MOVED = 0.57, 0.78, 0.09
COMBED = 0.8
# Share of the picture's width by which the background moves; a fixed camera's .006.
UNSTEADY = 0.01
# Ratio of the brightest to the darkest moment of the picture's upper part.
UNEVEN_LIGHT = 1.15
MAX_REPEATS = 0.08


def judge_pictures(walk):
    """All findings about picture and file."""
    findings = [judge_length(walk)]
    if walk.has_face.any():
        findings += [judge_light(walk), judge_glare(walk), judge_backlight(walk)]
        findings += [judge_sharpness(walk), judge_motion_blur(walk)]
        findings += [judge_camera(walk), judge_interlacing(walk)]
    findings += [judge_steady_light(walk), judge_cuts(walk), judge_frozen(walk)]
    return [*findings, judge_rate(walk), judge_mirror()]


def judge_share(walk, key, mask, values, fine, wrong, advice, **kwargs):
    """A warning where the mask holds in a twentieth of the clip or `least`."""
    least, stops = kwargs.pop("least", 0.05), kwargs.pop("stops", np.zeros(1, bool))
    if mask.mean() < least:
        return Finding(key, OK, fine)
    spans = find_spans(walk.times, mask)
    return Finding(
        key,
        STOP if stops.mean() > 0.5 else WARNING,
        f"{wrong} in {percent(mask.mean())} of the clip{describe_spans(spans)}. "
        f"{advice}",
        spans,
        worst(values, mask),
        **kwargs,
    )


def judge_length(walk):
    lasts = f"The clip lasts {walk.seconds:.1f} s"
    if walk.seconds < MIN_SECONDS:
        sentence = f"{lasts}; {MIN_SECONDS:g} s are the least. Film one minute or two."
        return Finding("length", STOP, sentence)
    if walk.seconds < GOOD_SECONDS:
        sentence = f"{lasts}, which shows little of a face. Film one minute or two."
        return Finding("length", WARNING, sentence)
    looked = f", of which {len(walk.samples)} pictures were looked at."
    return Finding("length", OK, lasts + looked)


def judge_light(walk):
    light = walk.measure("brightness")
    return judge_share(
        walk,
        "dark",
        light < DARK,
        -light,
        "There is light enough.",
        f"The face is too dark (its brightest parts have {np.nanmedian(light):.0f} of "
        f"255, expected {DARK:.0f} or more)",
        "Sit facing a window or a lamp behind the camera.",
        stops=light < BLACK,
        is_about_face=True,
    )


def judge_glare(walk):
    blown = walk.measure("blown")
    return judge_share(
        walk,
        "overexposed",
        blown > BLOWN,
        blown,
        "The face is not overexposed.",
        f"The face is overexposed (up to {percent(np.nanmax(blown))} of it are white)",
        "Tap on the face on the phone's screen and pull the sun down, or take the "
        "light farther away.",
        stops=blown > MOSTLY_BLOWN,
        is_about_face=True,
    )


def judge_backlight(walk):
    face = walk.measure("median_brightness")
    excess = walk.measure("surroundings") - face
    return judge_share(
        walk,
        "backlight",
        (excess > BACKLIGHT) & (face < BACKLIT_FACE),
        excess,
        "The light does not come from behind.",
        "The light comes from behind and leaves the face in shadow",
        "Turn round, so that window or lamp are behind the camera.",
    )


def judge_sharpness(walk):
    blur = walk.measure("blur")
    usual = float(np.nanmedian(blur))
    if usual < SOFT:
        return Finding("blur", OK, "The face is sharp.")
    sentence = (
        f"The face is blurred throughout (blur {usual:.2f}, sharp is .45). Wipe the "
        "lens, tap on the face to focus, lock the focus, use more light."
    )
    severity = STOP if usual > BLURRED else WARNING
    pictures = worst(blur, walk.has_face)
    return Finding("blur", severity, sentence, [], pictures, is_about_face=True)


def judge_motion_blur(walk):
    blur = walk.measure("blur")
    return judge_share(
        walk,
        "motion_blur",
        blur > np.nanmedian(blur) + MOVED,
        blur,
        "Movement does not blur the face.",
        "The face is blurred by movement or a hunting focus",
        "Move more slowly, use more light, lock the focus.",
        least=0.03,
        is_about_face=True,
    )


def judge_camera(walk):
    shifts = np.array([sample.shift for sample in walk.samples])
    for part in split_at_cuts(walk):
        if np.isfinite(shifts[part]).any():
            shifts[part] -= np.nanmedian(shifts[part], 0)
    moved = np.linalg.norm(shifts, axis=1)
    if np.isfinite(moved).mean() < 0.1:
        return Finding("camera", OK, "The background is too plain to tell if it moves.")
    spread = float(np.nanpercentile(moved, 95))
    if spread < UNSTEADY:
        return Finding("camera", OK, "The camera stands still.")
    sentence = (
        f"The camera moves: the background is up to {100 * spread:.1f} % of the "
        "picture's width away from its place. Use a tripod or lean the phone on "
        "something, and turn image stabilisation and face framing off."
    )
    pictures = worst(np.nan_to_num(moved), moved > UNSTEADY)
    spans = find_spans(walk.times, moved > UNSTEADY)
    return Finding("camera", WARNING, sentence, spans, pictures)


def judge_interlacing(walk):
    is_combed = walk.measure("comb") > COMBED
    if not walk.is_interlaced and is_combed.mean() < 0.02:
        return Finding("interlaced", OK, "The frames are whole (progressive).")
    sentence = (
        "The clip is interlaced: each frame holds two moments in alternating rows, "
        "which combs what moves. Convert it: `ffmpeg -i in.mp4 -vf bwdif out.mp4`."
    )
    pictures = worst(walk.measure("comb"), is_combed)
    return Finding("interlaced", WARNING, sentence, [], pictures, is_about_face=True)


def judge_steady_light(walk):
    low, high = np.percentile(walk.lights, [2, 98])
    ratio = (high + 1.0) / (low + 1.0)
    if ratio < UNEVEN_LIGHT:
        return Finding("exposure", OK, "Light and exposure stay the same.")
    sentence = (
        f"Light or exposure changes: the picture's upper part is up to "
        f"{percent(ratio - 1.0)} brighter at times. Lock exposure and white balance, "
        "shut the curtains, turn flickering lamps off."
    )
    lights = np.interp(walk.times * walk.fps, np.arange(len(walk.lights)), walk.lights)
    away = np.abs(lights - np.median(lights))
    pictures = worst(away, away > 0.0)
    return Finding("exposure", WARNING, sentence, [], pictures)


def judge_cuts(walk):
    cuts = find_cuts(walk.changes, walk.fps) / walk.fps
    if not len(cuts):
        return Finding("cuts", OK, "There are no cuts.")
    spans = [(cut, cut) for cut in cuts]
    many = "in one place" if len(cuts) == 1 else f"in {len(cuts)} places"
    sentence = (
        f"The picture jumps {many}{describe_spans(spans)}: a cut, or the camera was "
        "moved. Film in one go; light, clothes and place must not change."
    )
    after = [int(np.searchsorted(walk.times, cut)) for cut in cuts]
    pictures = [place for place in after if place < len(walk.samples)][:4]
    return Finding("cuts", WARNING, sentence, spans, pictures)


def judge_frozen(walk):
    frozen = find_frozen(walk.changes, walk.fps)
    share = sum(last - first + 1 for first, last in frozen) / walk.num_frames
    if not frozen:
        return Finding("frozen", OK, "The picture never freezes.")
    spans = [(first / walk.fps, last / walk.fps) for first, last in frozen]
    sentence = (
        f"The picture stands still in {percent(share)} of the clip"
        f"{describe_spans(spans)}. Close other programs and film to the device itself "
        "rather than over a network."
    )
    return Finding("frozen", STOP if share > 0.5 else WARNING, sentence, spans)


def judge_rate(walk):
    repeats = find_repeats(walk.changes, walk.fps).mean()
    if walk.is_variable:
        sentence = (
            "The frames are unevenly spaced (variable frame rate). Convert the clip: "
            "`ffmpeg -i in.mp4 -vf fps=30 out.mp4`, or set the camera to a fixed rate."
        )
    elif repeats > MAX_REPEATS:
        sentence = (
            f"{percent(repeats)} of the frames repeat the one before: it was filmed at "
            f"about {walk.fps * (1 - repeats):.0f} frames a second and filled up to "
            f"{walk.fps:.4g}. Set camera and file to the same rate, best 25 or 30."
        )
    else:
        sentence = f"{walk.fps:.4g} frames a second, evenly spaced."
        return Finding("frame_rate", OK, sentence)
    return Finding("frame_rate", WARNING, sentence)


def judge_mirror():
    """Left and right of a face look too much alike to tell."""
    return Finding(
        "mirror",
        OK,
        "Whether the picture is mirrored cannot be told from a face: some front "
        "cameras save what the screen showed. If text in the picture, a parting or a "
        "button row is on the wrong side, turn it: `ffmpeg -i in.mp4 -vf hflip "
        "-c:a copy out.mp4`.",
    )
