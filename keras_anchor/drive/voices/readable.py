"""What a voice can read, and a sentence about what it cannot."""

import unicodedata
import warnings

READABLE = {
    "en": ("LATIN", "FULLWIDTH"),
    "zh": ("LATIN", "FULLWIDTH", "CJK"),
    "mixed": ("LATIN", "FULLWIDTH", "CJK"),
}


def find_script(character):
    """`LATIN`, `CJK`, `THAI` ... for letters, None for everything else."""
    if unicodedata.category(character) not in ("Ll", "Lu", "Lt", "Lo"):
        return None
    return unicodedata.name(character, "UNKNOWN").split()[0]


def check_readable(text, voice, language, skip_unreadable=False):
    """The text, or what is left of it.

    Args:
        voice: Its name, for errors.
        language: `en`, `zh`, `mixed`, or None for a voice that may read anything.
        skip_unreadable: Leaves out other scripts, with a warning.

    Raises:
        ValueError: If nothing can be said, or letters cannot be read.
    """
    readable, given = READABLE.get(language), text
    strange = {}
    for character in dict.fromkeys(text) if readable else ():
        script = find_script(character)
        if script and script not in readable:
            strange.setdefault(script, []).append(character)
    if strange:
        examples = ", ".join(
            f"{script.replace('CJK', 'Chinese').title()} ({letters[0]})"
            for script, letters in sorted(strange.items())
        )
        if not skip_unreadable:
            is_named = voice != "mixed"
            who = f"The voice {voice!r}" if is_named else "Without a `voice`, nobody"
            raise ValueError(
                f"{who} {'cannot' if is_named else 'can'} read {examples}. Known "
                "voices: en, zh (both together without `voice`), and espeak-ng's by "
                "name, such as `fr`, `ru`, `ja`, `ar`. Or leave such letters out: "
                "`--skip-unreadable`."
            )
        warnings.warn(
            f"Left out, since no voice here reads it: {examples}.", stacklevel=4
        )
        text = leave_out(text, {c for letters in strange.values() for c in letters})
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise ValueError(
            f"Nothing to say in {given[:80]!r}: expected text with letters or digits. "
            "Known voices: en, zh, and espeak-ng's by name."
        )
    return text


def leave_out(text, letters):
    """The text with a space for each of the letters and the marks on them."""
    kept, is_out = [], False
    for character in text:
        is_mark = unicodedata.category(character).startswith("M")
        is_out = character in letters or (is_out and is_mark)
        kept.append(" " if is_out else character)
    return "".join(kept)
