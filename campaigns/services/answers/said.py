"""What was said on the telephone, on its way into rows: the contact itself, and one answer or one per programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.models import Citizen, Outcome

from ...models import ContactKind, SpokeWith


@dataclass(frozen=True)
class Said:
    """One answer with what belongs to it (K6). Fields that the outcome does not ask for are left out when written.

    `session` is a pop-up session's key; `needs` are codes of `CallNeed`; `topic`, `worry` and `talk_at` go to the
    health adviser; `wrong_phone` is the key of the number that was wrong (None: the one that was called).
    """

    outcome: Outcome | str
    barrier: str = ""
    call_back_at: datetime | None = None
    session: int | None = None
    booked_at: datetime | None = None
    booked_place: str = ""
    needs: Sequence[str] = ()
    wishes: str = ""
    topic: str = ""
    worry: str = ""
    talk_at: datetime | None = None
    wrong_phone: int | None = None
    language: str = ""
    language_help: str = ""


@dataclass(frozen=True)
class Contact:
    """The contact as such: how, with whom, in which language, how long. Who was spoken to is recorded (K8)."""

    kind: ContactKind | str = ContactKind.CALL
    spoke_with: str = SpokeWith.CITIZEN
    spoke_with_name: str = ""
    interpreter_language: str = ""
    guardian_told: bool = False
    note: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class MemberSaid:
    """A household member's own answer in the same call (C6)."""

    citizen: Citizen
    said: Said


@dataclass
class Before:
    """What stood before beside the follow-ups' own summaries: what the undo puts back. JSON-ready."""

    rows: dict[str, Any] = field(default_factory=dict)

    def note(self, values: Mapping[str, Any]) -> None:
        """Remember, under names of their own."""
        self.rows.update(values)
