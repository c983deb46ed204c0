"""Judges how a clip was cut, timed and stored."""

import numpy as np

from keras_anchor.data.check.changes import find_cuts, find_frozen, find_repeats
from keras_anchor.data.check.findings import (
    OK,
    STOP,
    WARNING,
    Finding,
    describe_spans,
    percent,
    worst,
)
from keras_anchor.data.video.probe import MIN_SECONDS

GOOD_SECONDS = 15.0
# Whole frames have .6 at most, two moments in one frame about 1 where something moves.
COMBED, COMBED_SHARE = 0.8, 0.02
MAX_REPEATS = 0.08


def judge_file(walk):
    """All findings about the file."""
    return [
        judge_length(walk),
        judge_cuts(walk),
        judge_frozen(walk),
        judge_rate(walk),
        judge_interlacing(walk),
        judge_colour(walk),
        judge_mirror(),
    ]


def judge_length(walk):
    lasts = f"The clip lasts {walk.seconds:.1f} s"
    if walk.seconds < MIN_SECONDS:
        sentence = (
            f"The part looked at lasts {walk.seconds:.1f} s; {MIN_SECONDS:g} s are the "
            "least, one minute is better."
        )
        return Finding("length", STOP, sentence)
    if walk.seconds < GOOD_SECONDS:
        sentence = f"{lasts}, which shows little of a face. Film one minute or two."
        return Finding("length", WARNING, sentence)
    looked = f", of which {len(walk.samples)} pictures were looked at."
    return Finding("length", OK, lasts + looked)


def judge_interlacing(walk):
    is_combed = walk.measure("comb") > COMBED
    if not walk.facts.is_interlaced and is_combed.mean() < COMBED_SHARE:
        return Finding("interlaced", OK, "The frames are whole (progressive).")
    sentence = (
        "The clip is interlaced: each frame holds two moments in alternating rows. "
        "They are pulled apart as well as can be, which costs detail: film "
        "progressively (25p or 30p, not 50i or 60i)."
    )
    pictures = worst(walk.measure("comb"), is_combed)
    return Finding("interlaced", WARNING, sentence, [], pictures, is_about_face=True)


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
    if walk.facts.is_variable:
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


def judge_colour(walk):
    if not walk.facts.is_grey:
        return Finding("colour", OK, "The picture has colour.")
    sentence = (
        "The picture has no colour, and neither will the anchor have. Film in colour, "
        "unless that is meant."
    )
    return Finding("colour", WARNING, sentence)


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
