"""People, rows and lists of the slow twin (list_twin.py); the names are the tables'."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

ENDED = ("deceased", "disappeared", "cancelled", "replaced")
MOVED = ("outside", "emigrated")
NO_ANSWERS = ("", "no_answer", "voicemail", "busy", "wrong_number")
ACTED_ON = ("new", "waiting", "other_number")


@dataclass
class Follow:
    """One person in the programme; the names are the table's."""

    target_group: str
    mandatory: bool
    invited_on: date | None
    first_list_id: int | None
    last_list_id: int | None
    weeks_on_list: int
    opened_at: datetime
    first_contact_due: date
    answer_due: date
    status: str = "open"
    closed_reason: str = ""
    closed_at: datetime | None = None
    reopen_on: date | None = None
    outcome: str = ""
    outcome_at: datetime | None = None

    def close(self, reason: str, now: datetime) -> None:
        self.status, self.closed_reason, self.closed_at = "closed", reason, now


@dataclass
class Person:
    """Somebody with a number; `status` None = the registry here does not know them."""

    serial: int
    status: str | None = "active"
    protected: bool = False
    elsewhere: bool = False
    barred: tuple[str, str, datetime] | None = None  # closed in another programme: reason, answer, when
    follow: Follow | None = None
    made_by: int | None = None


@dataclass
class Row:
    """A row of a list as the review shows it; the names are the table's."""

    row_number: int | None
    serial: int
    target_group: str
    invited_on: date | None
    municipality: int | None = None
    person: Person | None = None
    row_class: str = ""
    problem_code: str = ""
    problem_column: str = ""
    warning_code: str = ""
    same_as_row: int | None = None
    decision: str = ""
    week: int = 1
    earlier_outcome: str = ""
    earlier_outcome_at: datetime | None = None
    reask_code: str = ""
    seen: tuple[Any, ...] = ()
    problem_code_of_file: tuple[str, str] | None = None


@dataclass
class Listed:
    """A list: what it states, and its rows."""

    pk: int
    as_of: date
    now: datetime
    groups_stated: tuple[str, ...]
    order: int | None
    rows: list[Row]
    committed: bool = False
    covered: set[str] = field(default_factory=set)
    previous: int | None = None
