"""A page of pictures that shows what a check of a clip found."""

import cv2
import numpy as np

from keras_anchor.data.check.coverage import (
    PITCH_NAMES,
    YAW_NAMES,
    measure_poses,
    place_poses,
)
from keras_anchor.data.check.findings import OK, STOP, WARNING

WIDTH, MARGIN, GAP = 1280, 40, 12
TILE_HEIGHT, CELL_SIZE, NUM_TYPICAL = 150, 96, 6
CAPTION_WIDTH = 420
PAPER, INK, FAINT, EMPTY = (
    (250, 250, 248),
    (30, 32, 36),
    (120, 122, 128),
    (226, 226, 222),
)
COLOURS = {STOP: (192, 40, 40), WARNING: (214, 140, 20), OK: (46, 140, 80)}
TITLES = {STOP: "Cannot be used", WARNING: "Usable", OK: "Fine"}
REGULAR, BOLD = 400, 600


def draw_contact_sheet(report):
    """uint8 RGB `(height, 1280, 3)` of a `FootageReport`."""
    seen = report.walk
    rows = [draw_title(report), draw_heading("Typical pictures")]
    rows.append(draw_tiles(seen, choose_typical(seen), WIDTH - 2 * MARGIN))
    wrong = [finding for finding in report.findings if finding.severity != OK]
    if wrong:
        rows.append(draw_heading("What to mend"))
    rows += [draw_finding(seen, finding) for finding in wrong]
    rows += [draw_heading("What the face shows"), draw_coverage(report)]
    sheet = blank(sum(len(row) for row in rows) + MARGIN, WIDTH)
    top = 0
    for row in rows:
        left = 0 if row.shape[1] == WIDTH else MARGIN
        sheet[top : top + len(row), left : left + row.shape[1]] = row
        top += len(row)
    return sheet


def choose_typical(seen):
    """Places of a few samples from beginning to end, as many as fit side by side."""
    tile_width = TILE_HEIGHT * seen.width / seen.height + GAP
    fitting = int((WIDTH - 2 * MARGIN + GAP) / tile_width)
    number = int(np.clip(fitting, 1, NUM_TYPICAL))
    places = np.linspace(0, len(seen.samples) - 1, number).round().astype(int)
    return np.unique(places)


def blank(height, width):
    return np.full((height, width, 3), PAPER, "uint8")


def write(image, text, left, base, size=17, weight=REGULAR, colour=INK):
    """Writes one line; `base` is where its letters stand."""
    font = cv2.FontFace("sans")
    cv2.putText(image, text, (left, base), colour, font, size, weight)


def measure_text(text, size, weight=REGULAR):
    """The width of a line in pixels."""
    font = cv2.FontFace("sans")
    return cv2.getTextSize((WIDTH, WIDTH), text, (0, 0), font, size, weight)[2]


def write_lines(image, text, left, base, width, size=16, colour=INK):
    """Writes text in lines up to `width`, and returns where the next would stand."""
    for line in wrap(text, width, size):
        write(image, line, left, base, size, colour=colour)
        base += round(1.4 * size)
    return base


def wrap(text, width, size):
    """Lines of whole words that are at most `width` pixels wide."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure_text(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw_title(report):
    seen = report.walk
    row = blank(112, WIDTH)
    worst = next((severity for severity in COLOURS if report.select(severity)), OK)
    num_warnings = len(report.select(WARNING))
    verdict = TITLES[worst] + (f", {num_warnings} warnings" if worst == WARNING else "")
    verdict = verdict.removesuffix("s") if num_warnings == 1 else verdict
    width = measure_text(verdict, 18, BOLD) + 28
    cv2.rectangle(
        row, (WIDTH - MARGIN - width, 34), (WIDTH - MARGIN, 70), COLOURS[worst], -1
    )
    write(row, verdict, WIDTH - MARGIN - width + 14, 58, 18, BOLD, PAPER)
    write(row, seen.path.name, MARGIN, 60, 30, BOLD)
    facts = (
        f"{seen.seconds:.1f} s   {seen.width} x {seen.height} pixels   "
        f"{seen.fps:.4g} frames a second   {len(seen.samples)} pictures looked at"
    )
    write(row, facts, MARGIN, 92, 17, colour=FAINT)
    return row


def draw_heading(text):
    row = blank(58, WIDTH)
    cv2.line(row, (MARGIN, 12), (WIDTH - MARGIN, 12), EMPTY, 1)
    write(row, text, MARGIN, 42, 19, BOLD)
    return row


def decode(jpeg, height):
    """A JPEG as RGB, `height` pixels high."""
    image = cv2.imdecode(np.frombuffer(jpeg, "uint8"), cv2.IMREAD_COLOR_RGB)
    size = (max(1, round(image.shape[1] * height / image.shape[0])), height)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def draw_tiles(seen, places, width, is_about_face=False):
    """A strip of pictures with their times, as many as fit."""
    row, left = blank(TILE_HEIGHT + 30, width), 0
    for place in places:
        sample = seen.samples[place]
        jpeg = sample.portrait if is_about_face else sample.thumbnail
        tile = decode(jpeg, TILE_HEIGHT)
        if left + tile.shape[1] > width:
            break
        row[:TILE_HEIGHT, left : left + tile.shape[1]] = tile
        write(row, f"{sample.seconds:.1f} s", left, TILE_HEIGHT + 18, 13, colour=FAINT)
        left += tile.shape[1] + GAP
    return row


def draw_finding(seen, finding):
    """Caption at the left, the worst pictures at the right."""
    full = WIDTH - 2 * MARGIN
    caption = blank(600, CAPTION_WIDTH if finding.pictures else full)
    write(
        caption,
        finding.key.replace("_", " "),
        18,
        18,
        17,
        BOLD,
        COLOURS[finding.severity],
    )
    text_width = caption.shape[1] - 40
    base = write_lines(caption, finding.sentence, 18, 43, text_width, 15)
    height = max(base, TILE_HEIGHT + 44 if finding.pictures else 0)
    row = blank(height, full)
    row[:, : caption.shape[1]] = caption[:height]
    cv2.rectangle(row, (0, 2), (4, height - 22), COLOURS[finding.severity], -1)
    if finding.pictures:
        left = CAPTION_WIDTH + GAP
        tiles = draw_tiles(seen, finding.pictures, full - left, finding.is_about_face)
        row[: len(tiles), left:] = tiles
    return row


def draw_coverage(report):
    """The grid of poses, and a bar for each thing that a face does."""
    grid = draw_poses(report.walk)
    left = grid.shape[1] + 3 * GAP
    width = WIDTH - 2 * MARGIN - left
    bars, base = blank(900, width), 16
    for item in report.coverage:
        colour = COLOURS[OK if item.is_covered else WARNING]
        write(bars, item.name, 0, base, 16, BOLD)
        cv2.rectangle(bars, (110, base - 12), (310, base), EMPTY, -1)
        end = 110 + round(200 * item.score)
        if item.score:
            cv2.rectangle(bars, (110, base - 12), (end, base), colour, -1)
        write(bars, f"{round(100 * item.score)} %", 322, base, 15, colour=FAINT)
        base += 22
        if not item.is_covered:
            base = write_lines(bars, item.advice, 0, base, width, 14, FAINT)
        base += 14
    row = blank(max(len(grid), base), WIDTH - 2 * MARGIN)
    row[: len(grid), : grid.shape[1]] = grid
    row[:, left:] = bars[: len(row)]
    return row


def draw_poses(seen):
    """One head for each cell of the grid of poses, raised ones above."""
    pitch = CELL_SIZE + 6
    grid = blank(len(PITCH_NAMES) * pitch + 46, len(YAW_NAMES) * pitch + 60)
    samples = [sample for sample in seen.samples if sample.face is not None]
    cells = place_poses(measure_poses(seen.faces))
    for row, level in enumerate(reversed(PITCH_NAMES)):
        top = row * pitch
        write(grid, level, 0, top + CELL_SIZE // 2, 13, colour=FAINT)
        for column in range(len(YAW_NAMES)):
            left = 60 + column * pitch
            cell = PITCH_NAMES.index(level) * len(YAW_NAMES) + column
            found = np.flatnonzero(cells == cell)
            picture = np.full((CELL_SIZE, CELL_SIZE, 3), EMPTY, "uint8")
            if len(found):
                picture = decode(samples[found[len(found) // 2]].portrait, CELL_SIZE)
            grid[top : top + CELL_SIZE, left : left + CELL_SIZE] = picture
    base = len(PITCH_NAMES) * pitch + 14
    for column, name in enumerate(YAW_NAMES):
        write(grid, name, 60 + column * pitch, base, 13, colour=FAINT)
    write(
        grid,
        "as the picture shows it; grey was never seen",
        60,
        base + 24,
        13,
        colour=FAINT,
    )
    return grid
