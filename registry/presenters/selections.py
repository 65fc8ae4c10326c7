"""Own selections in words: criteria, counts and where they stand. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, number_da

from ..models import Citizen, Selection, SelectionState, SelectionStateChange
from ..selectors.selections_criteria import Criteria
from .lists import Mark, moment_words

_TONES = {SelectionState.STARTED: "success", SelectionState.DRAFT: "warning"}


@dataclass(frozen=True, slots=True)
class SelectionLine:
    """One selection on the list of them."""

    id: int
    name: str
    programme: str
    who: str
    state: Mark
    opened: str
    ends: str


@dataclass(frozen=True, slots=True)
class ActTile:
    """How many citizens a start opens or leaves, and the group the tile leads to."""

    act: str
    label: str
    number: int
    tone: str


@dataclass(frozen=True, slots=True)
class SelectedPerson:
    """A citizen on the list below the counts."""

    id: int
    name: str
    age: str
    cpr_masked: str
    protected: bool


def selection_line(selection: Selection) -> SelectionLine:
    """A line of the list."""
    counts = selection.counts
    return SelectionLine(
        id=selection.pk,
        name=selection.name,
        programme=selection.programme.name,
        who=f"{selection.created_by_name}, {moment_words(selection.created_at)}",
        state=state_mark(selection),
        opened=number_da(counts.get("open", 0) + counts.get("reopen", 0)) if counts else "–",
        ends=date_da(selection.ends_on) if selection.ends_on else _("når I afslutter det"),
    )


def state_mark(selection: Selection) -> Mark:
    """The state as a badge."""
    state = SelectionState(selection.state)
    return Mark(str(state.label), _TONES.get(state, ""))


def act_tiles(counts: Mapping[str, int]) -> list[ActTile]:
    """Counts in the order people ask: who becomes a follow-up, then who does not and why."""
    labels = {
        "open": (_("Nye opfølgninger"), "success"),
        "reopen": (_("Spørges igen"), "success"),
        "followed": (_("Følges allerede op"), ""),
        "answered": (_("Har svaret"), ""),
        "declined": (_("Har sagt nej"), ""),
        "status": (_("Død, fraflyttet m.m."), ""),
        "do_not_contact": (_("Vil ikke kontaktes"), ""),
    }
    return [
        ActTile(act, label, counts.get(act, 0), tone if counts.get(act) else "")
        for act, (label, tone) in labels.items()
    ]


def standing_tiles(standing: Mapping[str, int]) -> list[tuple[str, int]]:
    """Where a started selection stands."""
    labels = {
        "all": _("Opfølgninger"),
        "open": _("Åbne"),
        "contacted": _("Kontaktet"),
        "answered": _("Har svaret"),
        "declined": _("Sagde nej"),
        "listed": _("Nu på en liste"),
    }
    return [(label, standing[key]) for key, label in labels.items()]


def criteria_lines(criteria: Criteria, *, institution: str, parishes: Iterable[str]) -> list[tuple[str, str]]:
    """Label and value of each criterion that is set; names are looked up by the caller."""
    lines = []
    if criteria.age_from is not None or criteria.age_to is not None:
        ages = (
            _("%(first)s–%(last)s år pr. %(day)s")
            if criteria.age_to is not None
            else _("mindst %(first)s år pr. %(day)s")
        )
        values = {"first": criteria.age_from or 0, "last": criteria.age_to, "day": date_da(criteria.age_on)}
        lines.append((_("Alder"), ages % values))
    services = {
        "personal_care": _("personlig pleje"),
        "practical_help": _("praktisk hjælp"),
        "home_nursing": _("hjemmesygepleje"),
        "care_home": _("bor på plejehjem"),
    }
    if chosen := [words for name, words in services.items() if getattr(criteria, name)]:
        lines.append((_("Ydelser"), _(" og ").join(chosen)))
    lines += [
        (label, value)
        for label, value in (
            (_("Institution"), institution),
            (_("Sogne"), ", ".join(parishes)),
            (_("Veje"), ", ".join(criteria.streets)),
            (_("Målgruppe"), criteria.target_group),
            (_("Sprog"), criteria.language),
        )
        if value
    ]
    return lines


def selected_person(citizen: Citizen, today: date) -> SelectedPerson:
    """One citizen, as little as is needed to recognise them."""
    age = citizen.age(today)
    return SelectedPerson(
        id=citizen.pk,
        name=citizen.name,
        age=_("%(age)s år") % {"age": age} if age is not None else "–",
        cpr_masked=citizen.cpr_masked,
        protected=citizen.is_protected(today),
    )


def change_lines(changes: Iterable[SelectionStateChange]) -> list[tuple[str, str, str]]:
    """When, what and who, for the history."""
    return [
        (
            moment_words(change.at),
            str(SelectionState(change.state).label),
            " · ".join(filter(None, [change.by_name, change.note])),
        )
        for change in changes
    ]
