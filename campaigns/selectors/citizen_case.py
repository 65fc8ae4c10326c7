"""Everything a page about one citizen shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, FollowUpStatus, Phone, Relative
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
    )


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


def scripts_for(follow_ups: list[FollowUp], language: str) -> dict[int, CallScript]:
    """The newest approved script per programme id: in the citizen's language, else in Danish (K5)."""
    chosen: dict[int, CallScript] = {}
    scripts = CallScript.objects.filter(
        programme__in={each.programme_id for each in follow_ups},
        language__in={language, "da"},
        approved_at__isnull=False,
    )
    # Danish first and old versions first, so that the better one overwrites it.
    for script in sorted(scripts, key=lambda each: (each.language == language, each.version)):
        chosen[script.programme_id] = script
    return chosen


def is_held_by(task: CallTask, *, actor: Actor, now: datetime) -> bool:
    """Whether the task is claimed by this person and the claim has not run out (K4)."""
    return (
        task.state == "claimed"
        and task.claimed_by_id == actor.user_id
        and task.claimed_until is not None
        and task.claimed_until > now
    )
