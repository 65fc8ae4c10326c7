"""The citizen and the people around them, in words: the left column of the call screen and the citizen page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from registry.models import Citizen, CitizenStatus, Relative, RelativeKind

from ..selectors.citizen_case import CitizenCase, HouseholdMember
from .contacts import PhoneLine, RelativeLine, phone_line, relative_line
from .languages import language_name
from .moments import local_day

ADULT_AGE = 18


@dataclass(frozen=True)
class HouseholdLine:
    """Somebody in the same household; `waiting` when they have an open follow-up too.

    `by_phone` when only the telephone is shared, not the address.
    """

    id: int
    name: str
    age: str
    waiting: bool
    by_phone: bool


@dataclass(frozen=True)
class MainNumber:
    """The number to ring. `whose` is empty for the citizen's own; a child's is that of a custody holder (K8)."""

    number: str
    tel: str
    whose: str
    whose_name: str
    source: str
    phone_id: int | None


@dataclass(frozen=True)
class PersonView:
    """Who the citizen is. `address` is empty for the protected; `rule` says whom to talk to instead (K8)."""

    id: int
    name: str
    age: str
    cpr_masked: str
    has_cpr: bool
    parish: str
    protected: bool
    address: str
    status: str
    do_not_contact: str
    rule: str
    is_child: bool
    main_number: MainNumber | None
    other_phones: list[PhoneLine]
    services: str
    language: str
    interpreter: bool
    digital_post_exempt: bool
    relatives: list[RelativeLine]
    household: list[HouseholdLine]

    @property
    def other_numbers(self) -> list[PhoneLine]:
        """Numbers beside the one to ring that may still work."""
        return [line for line in self.other_phones if not line.wrong]


def person_view(case: CitizenCase, *, now: datetime) -> PersonView:
    """The case's person, on the day of `now`."""
    citizen, today = case.citizen, local_day(now)
    protected = citizen.is_protected(today)
    lines = [phone_line(phone, no_sms=phone.pk in case.opted_out_phone_ids) for phone in case.phones]
    main_number = _main_number(case, lines, today)
    main_phone_id = main_number.phone_id if main_number else None
    return PersonView(
        id=citizen.pk,
        name=citizen.name,
        age=age_words(citizen, today),
        cpr_masked=citizen.cpr_masked,
        has_cpr=citizen.cpr_ciphertext is not None,
        # The parish of a protected citizen would tell where they live.
        parish=citizen.parish.name if citizen.parish and not protected else "",
        protected=protected,
        address="" if protected else address_words(citizen),
        status="" if citizen.status == CitizenStatus.ACTIVE else citizen.get_status_display(),
        do_not_contact=_since(citizen.do_not_contact_since),
        rule=_whom_to_talk_to(case, today),
        is_child=is_child(citizen, today),
        main_number=main_number,
        other_phones=[line for line in lines if line.id != main_phone_id],
        services=_services(citizen),
        language=language_name(citizen.language),
        interpreter=citizen.needs_interpreter,
        digital_post_exempt=citizen.digital_post_exempt,
        relatives=[relative_line(relative) for relative in case.relatives],
        household=[_household_line(member, citizen, today) for member in case.household],
    )


def age_words(citizen: Citizen, today: date) -> str:
    """`82 år`, or that the birth date is not known."""
    age = citizen.age(today)
    return _("alder ukendt") if age is None else _("%(years)s år") % {"years": age}


def is_child(citizen: Citizen, today: date) -> bool:
    """Whether custody holders must be contacted instead (K8)."""
    age = citizen.age(today)
    return age is not None and age < ADULT_AGE


def guardian_to_inform(case: CitizenCase) -> Relative | None:
    """The guardian who has not been told yet (K8), if any."""
    guardians = [each for each in case.relatives if each.kind == RelativeKind.GUARDIAN]
    return next((each for each in guardians if each.informed_at is None), None)


def _whom_to_talk_to(case: CitizenCase, today: date) -> str:
    if is_child(case.citizen, today):
        return _("Under 18 år: Tal med den, der har forældremyndigheden – ikke med barnet.")
    guardian = guardian_to_inform(case)
    if guardian is not None:
        return _(
            "Borgeren har en værge, som skal orienteres: %(name)s. Ingen tid eller besøg kan gennemføres, "
            "før du har registreret »Værge orienteret«."
        ) % {"name": guardian.name}
    return ""


def _main_number(case: CitizenCase, lines: list[PhoneLine], today: date) -> MainNumber | None:
    if is_child(case.citizen, today):
        holders = [each for each in case.relatives if each.kind == RelativeKind.CUSTODY_HOLDER and each.phone]
        if not holders:
            return None
        holder = relative_line(holders[0])
        return MainNumber(
            number=holder.number,
            tel=holder.tel,
            whose=f"{holder.name} · {holder.label.lower()}",
            whose_name=holders[0].name,
            source="",
            phone_id=None,
        )
    best = next((line for line in lines if line.id == case.best_phone_id), None)
    if best is None:
        return None
    return MainNumber(
        number=best.number,
        tel=best.tel,
        whose="",
        whose_name=case.citizen.name,
        source=f"{best.kind[:1].upper()}{best.kind[1:]}, {best.source}",
        phone_id=best.id,
    )


def _since(moment: datetime | None) -> str:
    return "" if moment is None else date_da(local_day(moment))


def address_words(citizen: Citizen) -> str:
    """Street, postal code and town. Never ask for a protected citizen's (C5)."""
    place = f"{citizen.postal_code} {citizen.city}".strip()
    return ", ".join(part for part in (citizen.address, place) if part)


def _services(citizen: Citizen) -> str:
    named = [
        (citizen.care_home, _("bor på plejehjem")),
        (citizen.personal_care, _("personlig pleje")),
        (citizen.practical_help, _("praktisk hjælp")),
        (citizen.home_nursing, _("hjemmesygepleje")),
    ]
    return ", ".join(name for received, name in named if received)


def _household_line(member: HouseholdMember, citizen: Citizen, today: date) -> HouseholdLine:
    return HouseholdLine(
        id=member.citizen.pk,
        name=member.citizen.name,
        age=age_words(member.citizen, today),
        waiting=bool(member.follow_ups),
        by_phone=not citizen.household_key or member.citizen.household_key != citizen.household_key,
    )
