"""The table of visemes, read and checked: a file that a user may edit."""

import json
from pathlib import Path

from keras_anchor import controls as ctl

TABLE_PATH = Path(__file__).with_name("visemes.json")
GROUPS = ("jaw", "round", "lips")
KEYS = {"controls", "dominance", "seal"}
STRESS = "ˈˌ"
REST = "rest"


class VisemeTable:
    """What `visemes.json` says, checked.

    `shapes` are controls `(62,)` by viseme, `dominances` a number in `[0, 1]` for each
    of `GROUPS`, `seals` what is left open where lips always meet, else None, and
    `phonemes` lists of visemes by IPA.

    Args:
        path: A JSON file in the form of the package's own.

    Raises:
        ValueError: If the file is missing, no JSON, lacks something, or holds an
            unknown name or a number out of its range.
    """

    def __init__(self, path=TABLE_PATH):
        self.path = path
        table = self.read()
        self.shapes, self.dominances, self.seals = {}, {}, {}
        for name, viseme in table["visemes"].items():
            self.check_keys(f"the viseme {name!r}", viseme, KEYS - {"seal"}, KEYS)
            self.shapes[name] = self.pack(name, viseme["controls"])
            where = f"the dominance of {name!r}"
            self.check_keys(where, viseme["dominance"], set(GROUPS), set(GROUPS))
            for group, value in viseme["dominance"].items():
                self.check_number(f"{group!r} in {where}", value)
            self.dominances[name] = viseme["dominance"]
            self.seals[name] = viseme.get("seal")
            if self.seals[name] is not None:
                self.check_number(f"the seal of {name!r}", self.seals[name])
        if REST not in self.shapes:
            raise ValueError(
                f"{path} has no viseme {REST!r}, the mouth of somebody who is silent. "
                "Add it, best without controls."
            )
        self.phonemes = {}
        for symbol, names in table["phonemes"].items():
            if not isinstance(names, str):
                raise ValueError(
                    f"{path}: expected a viseme for the phoneme {symbol!r}, received "
                    f"{names!r}."
                )
            self.phonemes[symbol] = names.split()
        used = {name for names in self.phonemes.values() for name in names}
        if unknown := used - self.shapes.keys():
            raise ValueError(
                f"{path}: phonemes point to visemes {sorted(unknown)} that are not "
                f"there. Known: {sorted(self.shapes)}."
            )
        self.longest = max(map(len, self.phonemes), default=0)

    def read(self):
        try:
            text = Path(self.path).read_text(encoding="utf-8")
            table = json.loads(text)
        except OSError as error:
            raise ValueError(
                f"The viseme table {self.path} cannot be read ({error.strerror}). Copy "
                f"{TABLE_PATH} and edit the copy."
            ) from None
        except json.JSONDecodeError as error:
            raise ValueError(
                f"{self.path} is no JSON: line {error.lineno}, column {error.colno}: "
                f"{error.msg}. Look for a comma or a quotation mark there."
            ) from None
        except UnicodeDecodeError:
            raise ValueError(f"{self.path} is no text in UTF-8.") from None
        needed = {"visemes", "phonemes"}
        self.check_keys("the file", table, needed, needed | {"about"})
        for key in needed:
            self.check_keys(f"{key!r}", table[key])
        return table

    def check_keys(self, where, value, needed=frozenset(), known=None):
        """Raises `ValueError` unless `value` is an object with the right keys."""
        if not isinstance(value, dict):
            raise ValueError(
                f"{self.path}: expected {{...}} as {where}, received {value!r}."
            )
        if missing := sorted(needed - value.keys()):
            raise ValueError(
                f"{self.path}: {where} lacks {missing}; it has {sorted(value)}."
            )
        if known is not None and (unknown := sorted(value.keys() - known)):
            raise ValueError(
                f"{self.path}: {where} has unknown {unknown}. Known: {sorted(known)}."
            )

    def check_number(self, where, value):
        """Raises `ValueError` unless `value` is a number from 0 to 1."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0.0 <= value <= 1.0:
            raise ValueError(
                f"{self.path}: expected a number from 0 to 1 as {where}, received "
                f"{value!r}."
            )

    def pack(self, viseme, values):
        """Controls `(62,)`; a name without side stands for both."""
        self.check_keys(f"the controls of {viseme!r}", values)
        controls = {}
        for name, value in values.items():
            self.check_number(f"{name!r} of {viseme!r}", value)
            is_pair = f"{name}Left" in ctl.INDEX
            for side in ("Left", "Right") if is_pair else ("",):
                controls[name + side] = value
        ctl.check_names(controls, f" in {self.path}, viseme {viseme!r}")
        return ctl.pack(controls)

    def split(self, symbol):
        """The visemes of one phoneme, in order: `ˈaɪ` is `a`, `i`.

        Marks of stress, length, tone and the like, and letters that the table lacks,
        have no shape: the mouth goes on to what comes next.
        """
        names = []
        symbol = symbol.lstrip(STRESS)
        while symbol:
            for length in range(min(self.longest, len(symbol)), 0, -1):
                if found := self.phonemes.get(symbol[:length]):
                    names += found
                    break
            symbol = symbol[length:] if self.longest else ""
        return names
