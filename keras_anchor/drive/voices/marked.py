"""Text in which some words are spelled as sounds, the way a voice receives it.

`[[/ˈkɛɹəs/]]` holds IPA, of an English word; `[[hang2 ye4]]` holds pinyin. A voice that
cannot read them may drop the brackets: `split_marked` finds them.
"""

import re

MARK = re.compile(r"\[\[(/?)(.*?)/?\]\]")


def mark_ipa(ipa):
    return f"[[/{ipa.strip('/ ')}/]]"


def mark_pinyin(pinyin):
    return f"[[{pinyin.strip()}]]"


def unmark(text):
    """A user's own text, which must hold no such brackets."""
    return re.sub(r"\[\[+", "[", text)


def split_marked(text):
    """`[(kind, content), ...]`, where `kind` is `text`, `ipa` or `pinyin`."""
    parts, end = [], 0
    for match in MARK.finditer(text):
        parts.append(("text", text[end : match.start()]))
        parts.append(("ipa" if match[1] else "pinyin", match[2]))
        end = match.end()
    parts.append(("text", text[end:]))
    return [(kind, content) for kind, content in parts if content]


def split_runs(text, split_by_language):
    """`[(language, [(kind, content), ...]), ...]`: neighbours of one language together.

    Args:
        split_by_language: Text to `[(part, language or None), ...]`; a part without a
            language goes with what is before it, or else with what follows.
    """
    runs, waiting = [], []
    for kind, content in split_marked(text):
        pieces = {
            "text": lambda content=content: split_by_language(content),
            "ipa": lambda content=content: [(content, "en")],
            "pinyin": lambda content=content: [(content, "zh")],
        }[kind]()
        for piece, language in pieces:
            language = language or (runs[-1][0] if runs else None)
            if language is None:
                waiting.append((kind, piece))
            elif runs and runs[-1][0] == language:
                runs[-1][1].append((kind, piece))
            else:
                runs.append((language, [*waiting, (kind, piece)]))
                waiting = []
    return runs or [(None, waiting)]
