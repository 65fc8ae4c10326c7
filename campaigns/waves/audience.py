"""A wave's filter as data, and whom it names. Pure (S3).

`sql/wave_audience.sql` does the same for a municipality of any size; a test holds both equal on random citizens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.errors import UserError
from registry.models import ClosedReason, FollowUpStatus, Outcome


class Standing(TextChoices):
    """How far the follow-up has come, in the words of the filter."""

    NO_CONTACT = "no_contact", gettext_lazy("Ingen kontakt endnu")
    NO_ANSWER = "no_answer", gettext_lazy("Kontaktet uden svar")
    UNDECIDED = "undecided", gettext_lazy("I tvivl")
    WAITING = "waiting", gettext_lazy("Har svaret, står stadig på listen")
    EXHAUSTED = "exhausted", gettext_lazy("Alle forsøg gjort uden svar")


# Outcomes after which we still wait for the citizen's own answer.
NO_ANSWER = frozenset(
    {
        "",
        Outcome.NO_ANSWER,
        Outcome.VOICEMAIL,
        Outcome.BUSY,
        Outcome.WRONG_NUMBER,
        Outcome.CALL_BACK,
        Outcome.LANGUAGE,
        Outcome.RELATIVE_REACHED,
        Outcome.GUARDIAN_INFORMED,
    }
)
# Closed follow-ups that a filter still names, so that their number is told under why they are left out. Those that
# are gone from the list, or whose list or selection is over, are named by nobody any more (L7).
NAMED_WHEN_CLOSED = (
    ClosedReason.DECLINED,
    ClosedReason.ANSWERED,
    ClosedReason.ATTEMPTS_DOCUMENTED,
    ClosedReason.DO_NOT_CONTACT,
    ClosedReason.STATUS,
    ClosedReason.MOVED,
)
MAX_KM = 50.0


@dataclass(frozen=True)
class WaveFilter:
    """All that are set must hold; an empty one holds for everybody.

    `parishes` are codes; `housing_area`, `institution` and `near_session` our own keys. `streets`: the address begins
    with one of them. A citizen is near a session when the parish's point lies within `within_km`: homes have no
    coordinates here. `queued_calls`: also those whose call is due on the day (agreed times are never disturbed).
    """

    groups: tuple[str, ...] = ()
    parishes: tuple[int, ...] = ()
    streets: tuple[str, ...] = ()
    housing_area: int | None = None
    institution: int | None = None
    languages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    weeks_from: int | None = None
    weeks_to: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    near_session: int | None = None
    within_km: float | None = None
    queued_calls: bool = field(default=False)

    def stored(self) -> dict[str, Any]:
        """JSON-ready; only what is set."""
        kept = {name: value for name, value in asdict(self).items() if value not in (None, (), False)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> WaveFilter:
        """What `stored` gave, or what somebody wrote. Raises UserError `wave_filter` saying what cannot be read."""
        known = {each.name for each in fields(cls)}
        given = {_PLURALS.get(name, name): value for name, value in stored.items()}
        if unknown := sorted(set(given) - known):
            raise UserError(
                "wave_filter",
                _("Filteret kender ikke »%(names)s«. Det kender: %(known)s.")
                % {"names": ", ".join(unknown), "known": ", ".join(sorted(known))},
            )
        try:
            return cls(**{name: _READERS[name](value) for name, value in given.items() if value is not None})._checked()
        except (TypeError, ValueError):
            raise UserError("wave_filter", _("En værdi i filteret kan ikke læses. Ret den, og prøv igen.")) from None

    def _checked(self) -> WaveFilter:
        for first, last in ((self.age_from, self.age_to), (self.weeks_from, self.weeks_to)):
            if first is not None and last is not None and first > last:
                raise UserError("wave_filter", _("Det første tal i et spænd er større end det sidste. Ret et af dem."))
        if unknown := sorted(set(self.statuses) - set(Standing.values)):
            raise UserError("wave_filter", _("Filteret kender ikke status »%(names)s«.") % {"names": unknown[0]})
        if (self.near_session is None) != (self.within_km is None):
            raise UserError("wave_filter", _("Vælg både en pop-up og en afstand, eller ingen af dem."))
        if self.within_km is not None and not 0 < self.within_km <= MAX_KM:
            raise UserError("wave_filter", _("Afstanden skal være mellem 0 og 50 km."))
        return self


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) != float(value):
        raise ValueError
    if not 0 <= int(value) < 2**31:
        raise ValueError
    return int(value)


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _words(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(each).strip() for each in _several(value) if str(each).strip()))


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(sorted({_whole(each) for each in _several(value)}))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


_PLURALS = {
    "group": "groups",
    "parish": "parishes",
    "street": "streets",
    "language": "languages",
    "status": "statuses",
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "groups": _words,
    "parishes": _numbers,
    "streets": _words,
    "languages": _words,
    "statuses": _words,
    "within_km": float,
    "queued_calls": _truth,
    **dict.fromkeys(
        ("housing_area", "institution", "weeks_from", "weeks_to", "age_from", "age_to", "near_session"), _whole
    ),
}


def standing(*, status: str, closed_reason: str, outcome: str, contacted: bool) -> Standing | None:
    """How far a follow-up has come; None for a closed one with an answer, or none that is asked for."""
    if status == FollowUpStatus.CLOSED:
        return Standing.EXHAUSTED if closed_reason == ClosedReason.ATTEMPTS_DOCUMENTED else None
    if outcome == Outcome.UNDECIDED:
        return Standing.UNDECIDED
    if outcome not in NO_ANSWER:
        return Standing.WAITING
    return Standing.NO_ANSWER if contacted else Standing.NO_CONTACT


def born_between(chosen: WaveFilter, day: date) -> tuple[date | None, date | None]:
    """The last birth date of somebody old enough on `day`, and the day after which everybody young enough was born."""
    return (
        None if chosen.age_from is None else years_before(day, chosen.age_from),
        None if chosen.age_to is None else years_before(day, chosen.age_to + 1),
    )


def years_before(day: date, years: int) -> date:
    """The last birth date of somebody who is `years` old on `day`; 29 February counts from 1 March in other years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
