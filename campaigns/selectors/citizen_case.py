"""Everything a page about one citizen shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from outreach.access.actor import Actor
from registry.models import (
    Citizen,
    CitizenDifference,
    DifferenceState,
    EditedField,
    FollowUp,
    FollowUpStatus,
    Phone,
    Relative,
)
from registry.selectors.citizens import best_phone, household_of

from ..models import CallScript, CallTask, OptOut


@dataclass(frozen=True)
class HouseholdMember:
    """Somebody who shares address or phone, with their open follow-ups: one call may serve both (C6)."""

    citizen: Citizen
    follow_ups: list[FollowUp]


@dataclass(frozen=True)
class CitizenCase:
    """One citizen with phones, people around them and follow-ups. `best_phone_id` is the number to ring."""

    citizen: Citizen
    phones: list[Phone]
    best_phone_id: int | None
    opted_out_phone_ids: frozenset[int]
    relatives: list[Relative]
    follow_ups: list[FollowUp]
    household: list[HouseholdMember]
    call_task: CallTask | None
    # A record that CPR says is the same person, with answers of its own, while nobody has chosen yet (C3).
    other_record: Citizen | None = None

    @property
    def open_follow_ups(self) -> list[FollowUp]:
        return [each for each in self.follow_ups if each.status == FollowUpStatus.OPEN]

    @property
    def shown_citizen_ids(self) -> list[int]:
        """Whose data the page shows: what the access log must name (A3)."""
        return [self.citizen.pk, *(member.citizen.pk for member in self.household)]


def citizen_case(citizen: Citizen, *, actor: Actor) -> CitizenCase:
    """Read the case of a citizen the actor may see; the household is limited to what the actor sees too."""
    phones = list(citizen.phones.order_by("wrong_since", "-found_at", "id"))
    best = best_phone(citizen)
    return CitizenCase(
        citizen=citizen,
        phones=phones,
        best_phone_id=best.pk if best else None,
        opted_out_phone_ids=_opted_out(citizen, phones),
        relatives=list(citizen.relatives.order_by("kind", "id")),
        follow_ups=list(
            citizen.follow_ups.select_related("programme", "last_list").order_by("-status", "programme__name")
        ),
        household=_household(citizen, actor),
        call_task=CallTask.objects.visible_to(actor).waiting().filter(citizen=citizen).first(),
        other_record=_other_record(citizen, actor),
    )


def _other_record(citizen: Citizen, actor: Actor) -> Citizen | None:
    asked = CitizenDifference.objects.filter(
        citizen=citizen, field=EditedField.PERSON, state=DifferenceState.OPEN, other_citizen__isnull=False
    ).values("other_citizen")
    return Citizen.objects.visible_to(actor).filter(pk__in=asked).prefetch_related("follow_ups").first()


def _opted_out(citizen: Citizen, phones: list[Phone]) -> frozenset[int]:
    indexes = [bytes(phone.number_index) for phone in phones]
    stopped = {
        bytes(index)
        for index in OptOut.objects.filter(
            municipality_id=citizen.municipality_id, number_index__in=indexes
        ).values_list("number_index", flat=True)
    }
    return frozenset(phone.pk for phone in phones if bytes(phone.number_index) in stopped)


def _household(citizen: Citizen, actor: Actor) -> list[HouseholdMember]:
    others = household_of(citizen)
    visible = Citizen.objects.visible_to(actor).in_bulk([each.pk for each in others])
    by_citizen: dict[int, list[FollowUp]] = {}
    for follow_up in FollowUp.objects.open().filter(citizen__in=visible).select_related("programme"):
        by_citizen.setdefault(follow_up.citizen_id, []).append(follow_up)
    return [HouseholdMember(visible[each.pk], by_citizen.get(each.pk, [])) for each in others if each.pk in visible]


def script_languages(follow_ups: list[FollowUp]) -> list[str]:
    """The languages a caller can choose among: those with an approved script in one of the programmes."""
    scripts = CallScript.objects.filter(programme__in={each.programme_id for each in follow_ups}).usable()
    own = scripts.filter(Q(municipality=None) | Q(municipality__in={each.municipality_id for each in follow_ups}))
    return sorted(set(own.values_list("language", flat=True)))


def is_held_by(task: CallTask, *, actor: Actor, now: datetime) -> bool:
    """Whether the task is claimed by this person and the claim has not run out (K4)."""
    return (
        task.state == "claimed"
        and task.claimed_by_id == actor.user_id
        and task.claimed_until is not None
        and task.claimed_until > now
    )
