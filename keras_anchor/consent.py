"""Who agreed to become an anchor, what for and when."""

import sys
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta, timezone

UNKNOWN = {"basis": "unknown"}
NOT_NEEDED = {"basis": "not needed: this person does not exist"}
FLAGS = "--consent-who NAME --consent-purpose TEXT [--consent-date YYYY-MM-DD]"
# Where a day begins first.
FIRST_ZONE = timezone(timedelta(hours=14))
EXPLANATION = """
An anchor shows a person saying whatever its user types. Of someone else, make one
only with their agreement to exactly this. What you answer is kept in the take; name,
purpose and date also stand in the anchor, for everyone to see.
"""


def today():
    return date.today().isoformat()


@dataclass(frozen=True)
class Consent:
    """A person's agreement to become an anchor.

    Args:
        who: The person who is shown.
        purpose: What the anchor is for.
        date: When they agreed, `YYYY-MM-DD`, not after today anywhere on earth.
        note: Whom to ask, or where the agreement lies. It stays with the take.

    Raises:
        ValueError: If a text is empty, or the date is none.
    """

    who: str
    purpose: str
    date: str = field(default_factory=today)
    note: str = ""

    def __post_init__(self):
        for name in ("who", "purpose"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise ValueError(
                    f"Expected `{name}` of a consent to be a text, received {value!r}. "
                    "Name the person who is shown, and what for."
                )
        if not isinstance(self.note, str):
            raise ValueError(
                f"Expected `note` of a consent to be a text, received {self.note!r}."
            )
        check_date(self.date)

    @classmethod
    def from_dict(cls, record):
        """What `to_dict` returned.

        Raises:
            ValueError: If something is missing or unknown.
        """
        names = [entry.name for entry in fields(cls)]
        missing = {"who", "purpose", "date"} - record.keys()
        if missing or not record.keys() <= set(names):
            raise ValueError(
                f"Expected a consent with {names}, `note` optional, received "
                f"{list(record)}."
            )
        return cls(**record)

    def to_dict(self):
        """The record of a take."""
        return asdict(self)


def check_date(text):
    """Raises `ValueError` unless `text` is a day up to today."""
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        is_day = False
    if not is_day:
        raise ValueError(
            f"Expected the date of a consent as YYYY-MM-DD, received {text!r}."
        )
    # A record may be read where it is still the day before.
    if text > datetime.now(FIRST_ZONE).date().isoformat():
        raise ValueError(
            f"The date of the consent, {text}, lies in the future. Expected the day "
            "on which the person agreed."
        )


def get_consent(who=None, purpose=None, date=None, note=None):
    """The `Consent` that a command's flags name; without any, a terminal is asked.

    Raises:
        ValueError: If flags are missing or wrong, or the answer is no.
    """
    given = {"who": who, "purpose": purpose, "date": date, "note": note}
    given = {name: value for name, value in given.items() if value is not None}
    if {"who", "purpose"} <= given.keys():
        return Consent(**given)
    if given or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ValueError(
            "An anchor of a person needs their consent. Outside a terminal, and in "
            f"scripts, say who agreed and to what: {FLAGS}"
        )
    return ask_consent()


def ask_consent():
    """Asks in the terminal.

    Raises:
        ValueError: If the answer is no, or there is none.
    """
    print(EXPLANATION)
    try:
        answer = input("Is it you, or did the person agree to it? [yes/no] ")
        if answer.strip().lower() not in ("y", "yes"):
            raise ValueError(
                "An anchor of a person is made with their consent only. Ask them, and "
                "repeat the command when they agreed."
            )
        who = ask("Who is shown? ")
        purpose = ask("What is the anchor for? ")
        day = ask_date()
        note = input("Whom to ask, or where the agreement lies (may be empty): ")
    except EOFError:
        raise ValueError("The questions about consent were not answered.") from None
    return Consent(who, purpose, day, note.strip())


def ask(question):
    """An answer that is not empty."""
    while not (answer := input(question).strip()):
        pass
    return answer


def ask_date():
    """A day up to today, which is also what no answer means."""
    while True:
        text = input(f"When did they agree? [{today()}] ").strip() or today()
        try:
            check_date(text)
            return text
        except ValueError as error:
            print(error)


def to_record(consent):
    """The entry `consent` of a `take.json`: a dict, also where nothing is known."""
    return dict(UNKNOWN) if consent is None else consent.to_dict()


def to_public(record):
    """The entry `consent` of a run and an anchor, which others may read: no note.

    Args:
        record: A take's, run's or anchor's. Older ones hold a text, the basis.
    """
    if isinstance(record, str):
        record = {"basis": record}
    return {name: text for name, text in record.items() if name != "note"}


def describe_consent(record):
    """A record as a line of text."""
    record = to_public(record)
    if "basis" in record:
        return record["basis"]
    consent = Consent.from_dict(record)
    return f"{consent.who} agreed on {consent.date} to: {consent.purpose}"
