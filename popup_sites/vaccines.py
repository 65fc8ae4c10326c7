"""The vaccines whose second dose has an interval of its own; facts in `popup_sites/data/`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "vaccines.csv"


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A vaccine given in two doses, `interval_days` apart."""

    code: str
    name: str
    also_called: tuple[str, ...]
    interval_days: int

    def is_meant_by(self, text: str) -> bool:
        """True when somebody who wrote `text` meant this vaccine."""
        written = text.casefold()
        return any(name.casefold() in written for name in (self.code, self.name, *self.also_called))


@cache
def known_vaccines() -> tuple[Vaccine, ...]:
    """The vaccines of `vaccines.csv`, in the file's order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Vaccine(row["code"], row["name"], tuple(row["also_called"].split("|")), int(row["interval_days"]))
            for row in csv.DictReader(file)
        )


def interval_days_of(vaccine: str) -> int | None:
    """Days between the doses of a vaccine by the name people write, or None when it has no known interval."""
    return next((known.interval_days for known in known_vaccines() if known.is_meant_by(vaccine)), None)
