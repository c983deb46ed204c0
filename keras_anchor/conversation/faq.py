"""Questions and answers out of a text that anybody can write."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20_000_000
HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*$")
# `Q: …` and `A: …`, in Chinese 问 and 答, perhaps bold, with either colon.
PAIR = re.compile(r"\s*(?:[-*]\s+)?\**(Q|A|问|答)\**\s*[:：]\s*\**\s*(.*)", re.I)
FENCE = re.compile(r"\s*(```|~~~)")
EXPECTED = (
    "Expected Markdown with a heading `## Question?` and its answer below it, or lines "
    "`Q: question?` and `A: answer`."
)


@dataclass
class Entry:
    """An answer, and the ways to ask for it."""

    questions: list
    answer: str


def read_faq(path):
    """The entries of a text file; see `parse_faq`.

    Raises:
        ValueError: If there is no such file, it is no text, or holds no answers.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path} to answer from. {EXPECTED}")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB. Split it by subject, "
            "and answer from one part."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is no text in UTF-8 ({error.reason} at byte {error.start}). Save "
            "it as UTF-8."
        ) from None
    if not text.strip():
        raise ValueError(f"{path} is empty. {EXPECTED}")
    entries = parse_faq(text)
    if not entries:
        raise ValueError(f"{path} holds no question with an answer. {EXPECTED}")
    return entries


def parse_faq(text):
    """Entries of a Markdown text, or of one with `Q:` and `A:`.

    Headings that follow each other with nothing between them are ways to ask for the
    same answer. Text before the first question, questions without an answer and the
    headings of chapters are left out.
    """
    entries, questions, lines, in_fence = [], [], [], False

    def close():
        answer = "\n".join(lines).strip()
        if answer and questions:
            entries.append(Entry(list(questions), answer))
        if answer:
            questions.clear()
        lines.clear()

    text = unicodedata.normalize("NFC", text)
    depth = 0
    for line in text.splitlines():
        in_fence ^= bool(FENCE.match(line))
        heading = None if in_fence else HEADING.match(line)
        pair = None if in_fence else PAIR.match(line)
        if heading:
            close()
            level = len(line) - len(line.lstrip("#"))
            if level > depth:
                # The heading above was a chapter's: it asks nothing itself.
                questions.clear()
            depth = level
            questions.append(heading[1])
        elif pair and pair[1].upper() in "Q问":
            close()
            questions[:] = [pair[2]] if depth else [*questions, pair[2]]
            depth = 0
        else:
            lines.append(pair[2] if pair else line)
    close()
    return [entry for entry in entries if any(filter(str.strip, entry.questions))]
