"""Judges light, sharpness and camera of a clip."""

import numpy as np

from keras_anchor.data.check.findings import (
    OK,
    STOP,
    WARNING,
    Finding,
    describe_spans,
    find_spans,
    percent,
    worst,
)
from keras_anchor.data.check.judge_face import split_at_cuts

# Brightness of the face's brightest parts; our clips have 113 to 215.
DARK, BLACK = 80.0, 40.0
# White share of a face.
BLOWN, MOSTLY_BLOWN = 0.05, 0.3
# How much brighter than the face its surroundings are, where the face is dark.
BACKLIGHT, BACKLIT_FACE = 60.0, 110.0
# Our clips have .38 to .54; a blur of 1 % of the face's width raises that by .1, one
# of 3 % makes it .69 to .79.
SOFT, BLURRED, MOVED = 0.57, 0.7, 0.09
# Share of the picture's width by which the background moves; a fixed camera's .006.
UNSTEADY = 0.01
# Ratio of the brightest to the darkest moment of the picture's upper part.
UNEVEN_LIGHT = 1.15


def judge_pictures(walk):
    """All findings about the picture."""
    findings = [judge_steady_light(walk)]
    if walk.has_face.any():
        findings += [judge_light(walk), judge_glare(walk), judge_backlight(walk)]
        findings += [judge_sharpness(walk), judge_motion_blur(walk)]
        findings.append(judge_camera(walk))
    return findings


def judge_share(
    walk,
    key,
    mask,
    values,
    *,
    fine,
    wrong,
    advice,
    least=0.05,
    stops=False,
    is_about_face=False,
):
    """A warning where the mask holds in a share `least` of the clip, with its places.

    Args:
        values: The larger, the worse; for choosing pictures.
        stops: Where nothing can be made of it; a stop if that is half of the clip.
    """
    if mask.mean() < least:
        return Finding(key, OK, fine)
    spans = find_spans(walk.times, mask)
    where = f"in {percent(mask.mean())} of the clip{describe_spans(spans)}"
    return Finding(
        key,
        STOP if np.mean(stops) > 0.5 else WARNING,
        f"{wrong} {where}. {advice}",
        spans,
        worst(values, mask),
        is_about_face,
    )


def judge_light(walk):
    light = walk.measure("brightness")
    least = f"its brightest parts have {np.nanmin(light):.0f} of 255"
    return judge_share(
        walk,
        "dark",
        light < DARK,
        -light,
        fine="There is light enough.",
        wrong=f"The face is too dark ({least} at worst, expected {DARK:.0f} or more)",
        advice="Sit facing a window or a lamp behind the camera.",
        stops=light < BLACK,
        is_about_face=True,
    )


def judge_glare(walk):
    blown = walk.measure("blown")
    most = percent(np.nanmax(blown))
    return judge_share(
        walk,
        "overexposed",
        blown > BLOWN,
        blown,
        fine="The face is not overexposed.",
        wrong=f"The face is overexposed (up to {most} of it are white)",
        advice="Tap on the face on the phone's screen and pull the sun down, or take "
        "the light farther away.",
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
        fine="The light does not come from behind.",
        wrong="The light comes from behind and leaves the face in shadow",
        advice="Turn round, so that window or lamp are behind the camera.",
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
        fine="Movement does not blur the face.",
        wrong="The face is blurred by movement or a hunting focus",
        advice="Move more slowly, use more light, lock the focus.",
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
