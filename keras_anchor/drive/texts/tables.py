"""The words for units, currencies and abbreviations, read from `tables.json`."""

import json
import re
from importlib import resources

TABLES = json.loads(
    resources.files("keras_anchor.drive.texts")
    .joinpath("tables.json")
    .read_text(encoding="utf-8")
)
UNITS, CURRENCIES = TABLES["units"], TABLES["currencies"]
MULTIPLIERS, ABBREVIATIONS = TABLES["multipliers"], TABLES["abbreviations"]
# Chinese words whose reading the library lacks or errs in.
READINGS = TABLES["readings"]
LISTS = {name: words.split() for name, words in TABLES["lists"].items()}


def any_of(words):
    """A pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# Possessive, and begun where digits begin: without that, long codes take minutes.
NUMBER = r"(?:(?<!\d)\d{1,3}(?:,\d{3})++(?:\.\d++)?(?!,?\d)|(?<!\d)\d++(?:\.\d++)?)"
SIGN = r"(?<![\w.])[-−+]"
RANGE = r"(?:[-–—~～]|\s[-–—~～]\s)"
SYMBOL = any_of(name for name in CURRENCIES if not name.isalpha())
CODE = any_of(name for name in CURRENCIES if name.isalpha())
UNIT = rf"(?:{any_of(UNITS)})(?![A-Za-z0-9²³])"
MULTIPLIER = any_of(MULTIPLIERS)
SHORT_MULTIPLIER = any_of(name for name in MULTIPLIERS if len(name) < 4)
# Bounded and begun at word starts, or long texts of one character take minutes.
ADDRESS = r"[A-Za-z0-9\-._~%+/?#=&:@!$]{0,2000}[A-Za-z0-9/]"
LABELS = r"(?<![A-Za-z0-9@._%+\-])(?:[A-Za-z0-9\-]{1,63}\.){1,8}"
DOMAIN = (
    rf"{LABELS}(?:com|org|net|edu|gov|cn|io|ai|uk|co|tv|info|de|jp|eu|app|dev|hk|tw|fr"
    r"|me|us)(?![A-Za-z0-9])"
)
EMAIL = (
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}"
    r"[A-Za-z]{2,24}"
)
URL = rf"(?:https?://|www\.){ADDRESS}|{DOMAIN}(?:/{ADDRESS}|/)?"
