"""Captions: a text cut into lines that can be read while it is heard."""

import re
import unicodedata
from bisect import bisect_right

from keras_anchor.scene.caption_times import Clock, weigh
from keras_anchor.scene.words import join_words

# Of a line, in Latin letters; a Chinese character is as wide as two.
LINE_UNITS, WIDE_UNITS, NUM_LINES = 42, 2, 2
SHORTEST, LONGEST, LARGEST_GAP = 1.0, 7.0, 0.6
ENDS, PAUSES = "。！？!?…", "，、；：,;:—–"
CLOSING = "。！？…，、；：」』》）】〉”’％!?,.;:)]}%"
OPENING = "「『《（【〈“‘([{"
# What a break costs after a sentence, a phrase, or neither.
COSTS = {"end": 0.0, "pause": 0.35, "": 1.6}
# Of a sentence's end inside a caption, and of a caption that is too short to read.
INNER_END, HASTE = 0.35, 4.0
# Points that end no sentence: of one letter, of titles, of `i.e.`
ABBREVIATION = re.compile(
    r"(?:^|\W)(?:[A-Z]|(?:\w\.)+\w|Dr|Mr|Mrs|Ms|St|Prof|Gen|Sen|Rep|Gov|Lt|Sgt|Jr|Sr|"
    r"No|vs|etc|approx)\.$"
)
WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
WIDE_CHARACTER = re.compile(f"[{WIDE}]")
PIECES = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[{WIDE}]|[^\s{WIDE}{re.escape(OPENING)}]+|.)"
    rf"[{re.escape(CLOSING)}]*\s*"
)


def make_captions(text, timing, start=0.0):
    r"""Cuts a spoken text into captions.

    Lines hold at most 42 Latin letters or 21 Chinese characters, captions two of them,
    for 1 to 7 seconds where the speech allows; they break where sentences and phrases
    end if they can.

    Args:
        text: What is said, as it should be read.
        timing: The speech's phonemes, whose silences then are where phrases end, or
            its length in seconds.
        start: When the speech starts.

    Returns:
        `[(start, end, text), ...]`, in order and without overlap, lines parted by
        `\n`; empty for a text without letters and digits.

    Raises:
        ValueError: If there are no phonemes.
    """
    pieces = split_pieces(" ".join(text.split()))
    if not any(weigh(piece) for piece in pieces):
        return []
    if not isinstance(timing, (int, float)) and not timing:
        raise ValueError("Expected phonemes or seconds of a speech, received none.")
    clock = Clock(pieces, [break_after(piece) for piece in pieces], timing)
    spans = [
        (clock.starts[first], clock.ends[last - 1], "".join(pieces[first:last]))
        for first, last in choose_cuts(pieces, clock)
    ]
    captions = []
    for index, (begin, end, words) in enumerate(spans):
        is_last = index + 1 == len(spans)
        following = float("inf") if is_last else spans[index + 1][0]
        # It stays for a short pause, and as long as reading takes.
        end = following if following - end < LARGEST_GAP else end
        end = min(max(end, begin + SHORTEST), begin + LONGEST, following)
        if end <= begin:  # A row of signs, which nobody says.
            continue
        lines = wrap(words.strip(), count_units, LINE_UNITS)
        captions.append((start + begin, start + end, "\n".join(lines)))
    return captions


def split_pieces(text):
    """Cuts a text where lines may break; the parts joined are the text."""
    pieces = []
    for piece in join_words(PIECES.findall(text), WIDE_CHARACTER):
        while count_units(piece) > LINE_UNITS:
            size = LINE_UNITS if count_units(piece) == len(piece) else LINE_UNITS // 2
            pieces.append(piece[:size])
            piece = piece[size:]
        pieces.append(piece)
    return pieces


def count_units(text):
    """Width of a text in Latin letters."""
    return sum(
        WIDE_UNITS if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def break_after(piece):
    """What ends with a piece: `end` of a sentence, `pause` of a phrase, or ``."""
    last = piece.rstrip().rstrip("”’」』》）)\"'")[-1:]
    if last == "." and piece != piece.rstrip():
        return "" if ABBREVIATION.search(piece.rstrip()) else "end"
    if last and last in ENDS:
        return "end"
    return "pause" if last and last in PAUSES else ""


def choose_cuts(pieces, clock):
    """The cheapest captions, as `[(first piece, piece after the last), ...]`."""
    breaks = [break_after(piece) for piece in pieces]
    units, ends = [0], [0]
    for piece, mark in zip(pieces, breaks, strict=True):
        units.append(units[-1] + count_units(piece))
        ends.append(ends[-1] + (mark == "end"))
    breaks[-1] = "end"
    best, previous = [0.0] + [float("inf")] * len(pieces), [0] * (len(pieces) + 1)
    for last in range(1, len(pieces) + 1):
        for first in range(last - 1, -1, -1):
            seconds = clock.ends[last - 1] - clock.starts[first]
            too_long = seconds > LONGEST or not fits(units, pieces, first, last)
            if too_long and first < last - 1:
                break
            fill = (units[last] - units[first]) / (NUM_LINES * LINE_UNITS)
            cost = best[first] + 0.4 + (1.0 - fill) ** 2 + COSTS[breaks[last - 1]]
            cost += INNER_END * (ends[last - 1] - ends[first])
            cost += HASTE * max(0.0, SHORTEST - seconds)
            if cost < best[last]:
                best[last], previous[last] = cost, first
    cuts, last = [], len(pieces)
    while last:
        cuts.append((previous[last], last))
        last = previous[last]
    return cuts[::-1]


def fits(units, pieces, first, last):
    """Whether pieces fit into the lines of a caption; `units` are running sums."""
    for _ in range(NUM_LINES):
        # A space at a line's end takes no room.
        end = bisect_right(units, units[first] + LINE_UNITS + 1, first) - 1
        overhang = units[end] - units[first] - LINE_UNITS
        if overhang > 0 and end > first and not pieces[end - 1][-1:].isspace():
            end -= 1
        first = end
        if first >= last:
            return True
    return False


def wrap(text, measure, limit):
    """Breaks a text into as few lines as it needs, as even as they can be.

    Args:
        measure: A function of a text that returns its width.
        limit: The greatest width of a line; a piece that is wider stands alone.
    """
    pieces = split_pieces(text)
    num_lines = len(fill_lines(pieces, measure, limit))
    if num_lines < 2:
        return [text]
    low, high = 0.0, float(limit)
    for _ in range(8):
        middle = (low + high) / 2
        if len(fill_lines(pieces, measure, middle)) > num_lines:
            low = middle
        else:
            high = middle
    lines = fill_lines(pieces, measure, high)
    if num_lines == 2:
        lines = break_at_mark(pieces, measure, limit) or lines
    return [line.strip() for line in lines]


def fill_lines(pieces, measure, limit):
    lines = [""]
    for piece in pieces:
        if lines[-1] and measure((lines[-1] + piece).rstrip()) > limit:
            lines.append("")
        lines[-1] += piece
    return lines


def break_at_mark(pieces, measure, limit):
    """Two lines parted at a punctuation mark near the middle, or None."""
    total = measure("".join(pieces))
    options = []
    for cut in range(1, len(pieces)):
        upper, lower = "".join(pieces[:cut]).rstrip(), "".join(pieces[cut:])
        if (
            break_after(pieces[cut - 1])
            and max(measure(upper), measure(lower)) <= limit
        ):
            unevenness = abs(measure(upper) - measure(lower)) / total
            options.append((unevenness, [upper, lower]))
    unevenness, lines = min(options, default=(1.0, None))
    return lines if unevenness < 0.45 else None
