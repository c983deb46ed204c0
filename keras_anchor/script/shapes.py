"""What of a script shapes its film, as values that can be compared and hashed."""

import os
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

# Cues that the anchor acts.
ACTED = "mood", "look", "nod"


def describe(paragraph):
    """All of a paragraph that shapes its picture and sound."""
    values = asdict(paragraph)
    del values["line"]
    for cue in values["cues"]:
        del cue["line"]
        if cue["kind"] == "background":
            cue["value"] = fingerprint(cue["value"])
    values["state"]["background"] = fingerprint(values["state"]["background"])
    return values


def describe_acting(paragraph):
    """What of a paragraph picks blinks and nods: the same in every format."""
    cues = [
        [cue.offset, cue.kind, cue.value] for cue in paragraph.cues if cue.kind in ACTED
    ]
    return [paragraph.text, paragraph.state.mood, cues]


def fingerprint(path):
    """The hash of a file; whatever is no path of one comes back as it is."""
    if not isinstance(path, (str, os.PathLike)) or not Path(path).is_file():
        return path
    return sha256(Path(path).read_bytes()).hexdigest()
