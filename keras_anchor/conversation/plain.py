"""Written text to what is to be said: without Markdown, sentence by sentence."""

import re

# What Markdown and models write around words that are meant to be read.
RULES = [
    (re.compile(r"<!--.*?-->", re.S), ""),
    (re.compile(r"^\s*(```|~~~).*$", re.M), ""),
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"^\s{0,3}(#{1,6}|>+|[-*+•])\s+", re.M), ""),
    (re.compile(r"^\s*\|?[\s:|-]{3,}\|?\s*$", re.M), ""),
    (re.compile(r"(\*\*\*|\*\*|__|`)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*])"), r"\1"),
]
# A sentence ends where a mark is followed by a space, a Chinese mark, or a line's end.
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+[”’」』）]*|\n+")
ABBREVIATION = re.compile(
    r"(?:^|\s)(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|a\.m|p\.m|\d+)\.$"
)
# Nobody speaks so long without a breath: what has no end by then is cut at a space.
LONGEST = 400
THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S)


def strip_markdown(text):
    """The words of a Markdown text; a line stays a line."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text.strip()


def cut_sentences(pieces):
    """Yields sentences of a text that arrives in pieces, each as soon as it is whole.

    What models write between `<think>` and `</think>` is left out.
    """
    text = ""
    for piece in pieces:
        text = THINKING.sub(hide_whole, text + piece)
        if is_thinking(text):
            continue
        *whole, text = split_off(text)
        yield from filter(None, map(strip_markdown, whole))
    rest = strip_markdown(THINKING.sub("", text))
    if rest:
        yield rest


def hide_whole(match):
    """Removes a thought that has ended; one that goes on is kept to see its end."""
    return "" if match[0].endswith(">") and "</" in match[0] else match[0]


def is_thinking(text):
    """Whether the text ends inside a thought, or in what may begin one."""
    tail = text[text.rfind("<") :] if "<" in text else ""
    return "<think" in text or (tail != "" and "<thinking>".startswith(tail))


def split_off(text):
    """`[sentence, ..., rest]`; the rest may go on with what comes next."""
    parts, start = [], 0
    for match in END.finditer(text):
        sentence = text[start : match.end()]
        if ABBREVIATION.search(sentence):
            continue
        parts.append(sentence)
        start = match.end()
    rest = text[start:]
    while len(rest) > LONGEST:
        space = rest.rfind(" ", 0, LONGEST)
        cut = space if space > 0 else LONGEST
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]
