"""Find citizens: by number, by phone, by name; and the phones to reach them on."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.utils.timezone import localdate

from outreach.access.actor import Actor
from outreach.clock.services import now as clock_now
from outreach.messaging.numbers import is_sendable, normalise
from outreach.privacy.sealing import blind_index

from ..cpr import CprProblem, parse
from ..danish_order import search_key
from ..models import Citizen, Phone, PhoneKind, PhoneSource, Relative

# The citizen's own word weighs most, what a relative said least.
SOURCE_ORDER = [PhoneSource.CITIZEN, PhoneSource.SYSTEM, PhoneSource.LOOKED_UP, PhoneSource.RELATIVE]
KIND_ORDER = [PhoneKind.MOBILE, PhoneKind.UNKNOWN, PhoneKind.LANDLINE]
# Sorts behind every letter: the end of a prefix range, so that the search stays on the index under row security.
BEHIND_ALL = "\U0010ffff"
# A number that more people have is an institution's switchboard, and no household's.
MOST_WITH_ONE_PHONE = 10


def by_cpr(actor: Actor, cpr: str, *, today: date | None = None) -> Citizen | None:
    """The visible citizen with this number, written in any usual way; None for no number or nobody.

    `today` bounds the birth date and defaults to the installation's clock.
    """
    parsed = parse(cpr, today=today or localdate(clock_now()))
    if isinstance(parsed, CprProblem):
        return None
    index = blind_index("cpr", parsed.canonical)
    return Citizen.objects.visible_to(actor).filter(cpr_index=index).first()


def by_phone(actor: Actor, number: str) -> list[Citizen]:
    """Visible citizens whose own or whose relatives' number this is, in Danish order of names (K10)."""
    canonical = normalise(number)
    if canonical is None:
        return []
    return list(
        Citizen.objects.visible_to(actor).filter(pk__in=phone_holders(actor, canonical)).order_by("sort_name", "id")
    )


def phone_holders(actor: Actor, canonical: str) -> set[int]:
    """Keys of those whose own or whose relatives' number this is, whoever may see them.

    Two look-ups: asked as one "own or a relative's", the answer read every citizen of the municipality (1.2 M: 2 s).
    """
    index = blind_index("phone", canonical)
    here = {"municipality_id__in": actor.municipality_codes}
    own = Phone.objects.filter(number_index=index, **here).values_list("citizen_id", flat=True)
    told = Relative.objects.filter(phone_index=index, **here).values_list("citizen_id", flat=True)
    return {*own, *told}


def by_name(actor: Actor, text: str, limit: int = 25) -> list[Citizen]:
    """Visible citizens whose name begins with the text, in Danish order, at most `limit`."""
    key = search_key(text)
    if not key:
        return []
    return list(
        Citizen.objects.visible_to(actor)
        .filter(search_name__gte=key, search_name__lt=key + BEHIND_ALL)
        .order_by("sort_name", "id")[:limit]
    )


def household_of(citizen: Citizen) -> list[Citizen]:
    """The others at the same address or with the same telephone, oldest first: one call may serve them all (C6).

    Wrong numbers join nobody, nor does a number that more than ten people have. Whoever lives in a care home shares
    neither its address nor its telephone. Two queries.
    """
    same = Q(pk__in=[] if citizen.care_home else _with_the_same_phone(citizen))
    if citizen.household_key:
        same |= Q(household_key=citizen.household_key)
    return list(
        Citizen.objects.filter(same, municipality_id=citizen.municipality_id)
        .exclude(pk=citizen.pk)
        .order_by("birth_date", "id")
    )


def _with_the_same_phone(citizen: Citizen) -> list[int]:
    working = Phone.objects.filter(municipality_id=citizen.municipality_id, wrong_since=None)
    shared = (
        working.filter(number_index__in=working.filter(citizen=citizen).values("number_index"))
        .values("number_index")
        .annotate(count=Count("id"), holders=ArrayAgg("citizen", filter=Q(citizen__care_home=False)))
        .filter(count__gte=2, count__lte=MOST_WITH_ONE_PHONE)
    )
    return [holder for number in shared for holder in number["holders"] or []]


def best_phone(citizen: Citizen) -> Phone | None:
    """The number to call: never a wrong one; mobile first, then the best source, then the newest (C4)."""
    usable = [phone for phone in citizen.phones.all() if phone.wrong_since is None]
    return min(usable, key=_preference) if usable else None


def sms_phone(citizen: Citizen) -> Phone | None:
    """The mobile an SMS may go to, or None: landlines and numbers of unknown kind get none (C4)."""
    mobiles = sorted(
        (phone for phone in citizen.phones.all() if phone.wrong_since is None and phone.kind == PhoneKind.MOBILE),
        key=_preference,
    )
    return next((phone for phone in mobiles if is_sendable(phone.number)), None)


def _preference(phone: Phone) -> tuple[int, int, float, int]:
    kind, source = PhoneKind(phone.kind), PhoneSource(phone.source)
    return KIND_ORDER.index(kind), SOURCE_ORDER.index(source), -phone.found_at.timestamp(), phone.pk
