"""Who gets a letter, by which way, and who is left out and why (S9, C5, K8). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.models import Citizen, CitizenStatus, CprKind

from ..models import LetterChannel

ADULT = 18


class LeftOut(StrEnum):
    """Why somebody gets no letter now."""

    PROTECTED = "protected"
    NO_NAME = "no_name"
    NO_ADDRESS = "no_address"
    RETURNED = "returned"
    NOT_WANTED = "not_wanted"
    STATUS = "status"
    # Found when the pile is marked as sent.
    CLOSED = "closed"
    OTHER_STEP = "other_step"
    IN_BATCH = "in_batch"
    PROTECTED_SINCE = "protected_since"
    MERGED = "merged"


@dataclass(frozen=True)
class Standing:
    """What decides about a letter: `returned` when the last one came back and the address is still the same."""

    citizen: Citizen
    returned: bool = False
    in_batch: bool = False


def channel_for(citizen: Citizen, today: date) -> LetterChannel:
    """Digital Post for those who have it; paper for the exempt, for children and for those without a ten-digit number.

    A child's letter goes to the custody holders (K8), whose numbers are not ours to use.
    """
    age = citizen.age(today)
    child = age is not None and age < ADULT
    ten_digits = citizen.cpr_kind in (CprKind.ORDINARY, CprKind.REPLACEMENT)
    if citizen.digital_post_exempt or child or not ten_digits:
        return LetterChannel.PAPER
    return LetterChannel.DIGITAL


def left_out(standing: Standing, *, today: date, released: bool) -> LeftOut | None:
    """Why this citizen gets no letter, or None. `released`: somebody has released the protected address (C5)."""
    citizen = standing.citizen
    if citizen.status != CitizenStatus.ACTIVE:
        return LeftOut.STATUS
    if citizen.do_not_contact_since is not None:
        return LeftOut.NOT_WANTED
    if standing.in_batch:
        return LeftOut.IN_BATCH
    if citizen.is_protected(today) and not released:
        return LeftOut.PROTECTED
    if not citizen.name.strip():
        return LeftOut.NO_NAME
    paper = channel_for(citizen, today) == LetterChannel.PAPER
    if paper and not (citizen.address.strip() and citizen.postal_code.strip()):
        return LeftOut.NO_ADDRESS
    return LeftOut.RETURNED if paper and standing.returned else None


def receiver_lines(citizen: Citizen, today: date, custody_line: str) -> list[str]:
    """The lines behind the window: for a child the custody holders come first (K8)."""
    age = citizen.age(today)
    child = [custody_line] if age is not None and age < ADULT else []
    lines = [*child, citizen.name, citizen.address.strip(), f"{citizen.postal_code} {citizen.city}".strip()]
    return [line for line in lines if line]
