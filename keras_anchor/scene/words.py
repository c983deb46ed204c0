"""Where Chinese words end, so that no line breaks within one."""

import logging
import warnings
from functools import cache

LONGEST_WORD = 6


def join_words(pieces, wide):
    """Joins one-character pieces that `jieba` takes for a word.

    Where it is not installed, lines may break after any character.

    Args:
        pieces: Parts of a text.
        wide: A compiled pattern of what a character that needs no space is like.
    """
    jieba = load_jieba()
    if jieba is None or not any(wide.match(piece) for piece in pieces):
        return pieces
    ends, offset = set(), 0
    for word in jieba.cut("".join(pieces)):
        offset += len(word)
        if len(word) <= LONGEST_WORD:
            ends.add(offset)
        else:
            ends.update(range(offset - len(word), offset + 1))
    joined, offset = [""], 0
    for piece in pieces:
        if offset in ends or not wide.match(piece) or not wide.match(joined[-1][-1:]):
            joined.append("")
        joined[-1] += piece
        offset += len(piece)
    return [piece for piece in joined if piece]


@cache
def load_jieba():
    try:
        with warnings.catch_warnings():
            # Backslashes in its source that newer Pythons warn about.
            warnings.simplefilter("ignore")
            import jieba
    except ModuleNotFoundError:
        return None
    jieba.setLogLevel(logging.WARNING)
    return jieba
