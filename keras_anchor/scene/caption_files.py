"""Captions as files: SubRip and WebVTT."""

import re

from keras_anchor.files import writing


def write_srt(path, captions):
    """Writes SubRip in UTF-8.

    Args:
        captions: `[(start, end, text), ...]` in seconds; one that lasts into the next
            ends there.
    """
    blocks = []
    for number, (start, end, text) in enumerate(part_captions(captions), 1):
        times = f"{write_time(start, ',')} --> {write_time(end, ',')}"
        # SubRip has no escapes: a joiner, which takes no room, keeps players from
        # taking `<i>` and `{\an8}` for orders.
        guarded = re.sub(r"([<{])(?=[\w/\\])", "\\1\u2060", text)
        blocks.append(f"{number}\n{times}\n{guarded.replace('-->', '→')}\n")
    write_blocks(path, blocks)


def write_vtt(path, captions):
    """Writes WebVTT; see `write_srt`."""
    blocks = ["WEBVTT\n"]
    for start, end, text in part_captions(captions):
        times = f"{write_time(start, '.')} --> {write_time(end, '.')}"
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{times}\n{text}\n")
    write_blocks(path, blocks)


def part_captions(captions):
    """Captions in order, without overlap, empty lines and empty captions."""
    captions = sorted(captions)
    follows = [start for start, _, _ in captions[1:]] + [float("inf")]
    for (start, end, text), following in zip(captions, follows, strict=True):
        lines = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        end = min(end, following)
        if lines and end > start:
            yield start, end, lines


def write_time(seconds, mark):
    """`HH:MM:SS,mmm`, `mark` before the milliseconds."""
    seconds, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{milliseconds:03d}"


def write_blocks(path, blocks):
    with writing(path) as part:
        part.write_text("\n".join(blocks), encoding="utf-8", newline="\n")
