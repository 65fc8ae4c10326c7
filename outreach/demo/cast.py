"""The demo's organisations and users. They exist only in the demo; passwords are printed by bin/demo."""

from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from campaigns.models import ContactPoint
from outreach.access.actor import Actor, system_actor
from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role
from registry.models import ListOrder, Municipality, Programme
from registry.services.list_orders import create_list_order

PASSWORD = "demo-adgang-1"  # noqa: S105  a published password of invented users
REGION = 1084
SEEDER = "Demodata"
_INVENTED_PHONE = "43 00 00 00"

_MUNICIPAL_CAST = [
    ("sagsbehandler", "Mette", "Holm", [Role.CASEWORKER], ["tr"]),
    ("sagsbehandler-b", "Jonas", "Lind", [Role.CASEWORKER], ["ar", "en"]),
    ("teamleder", "Karen", "Bruun", [Role.TEAM_LEAD, Role.CASEWORKER], []),
    # The second pair of eyes: one makes an SMS wave, the other approves it (S3).
    ("teamleder-b", "Ole", "Winther", [Role.TEAM_LEAD], []),
    ("listeadmin", "Søren", "Dahl", [Role.LIST_ADMIN], []),
    ("koersel", "Bente", "Kjær", [Role.TRANSPORT_PLANNER], []),
    ("raadgiver", "Farah", "Aziz", [Role.HEALTH_ADVISER], ["ur"]),
    ("leder", "Niels", "Toft", [Role.MANAGER], []),
    ("kontrollant", "Inge", "Rask", [Role.AUDITOR], []),
]
_REGIONAL_CAST = [
    ("regionsplanlaegger", "Lise", "Vang", [Role.REGION_PLANNER]),
    ("bookingvagt", "Tom", "Krogh", [Role.REGION_BOOKING_DESK]),
]


def make_cast(municipality_codes: list[int]) -> None:
    """Organisations, users and memberships; the second municipality's people have the suffix `-2`. Repeatable."""
    for index, code in enumerate(municipality_codes):
        suffix = "" if index == 0 else f"-{index + 1}"
        name = f"{Municipality.objects.get(code=code).name} Kommune"
        organisation, _ = Organisation.objects.get_or_create(
            kind=OrganisationKind.MUNICIPALITY, code=code, defaults={"name": name}
        )
        ContactPoint.objects.get_or_create(municipality_id=code, defaults={"phone": _INVENTED_PHONE})
        for username, first, last, roles, languages in _MUNICIPAL_CAST:
            _make_user(username + suffix, first, last, roles, organisation, languages)
    region, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.REGION, code=REGION, defaults={"name": "Region Hovedstaden"}
    )
    for username, first, last, roles in _REGIONAL_CAST:
        _make_user(username, first, last, roles, region, [])


def _make_user(
    username: str, first: str, last: str, roles: list[Role], organisation: Organisation, languages: list[str]
) -> None:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create(
            username=username, password=_hashed(), first_name=first, last_name=last, languages=languages
        )
    for role in roles:
        Membership.objects.get_or_create(user=user, organisation=organisation, role=role, ended_at=None)


@cache
def _hashed() -> str:
    """Hashed once: the password is published, and a hash is slow on purpose."""
    return make_password(PASSWORD)


def make_list_orders(municipality_codes: list[int], now: datetime) -> list[str]:
    """The valid order SST-DEMO-1 and the expired SST-DEMO-0 in each municipality. Repeatable."""
    programme = Programme.objects.get(code="covid-19")
    orders = [
        ("SST-DEMO-1", date(2021, 3, 15), date(2021, 6, 30)),
        ("SST-DEMO-0", date(2021, 1, 15), date(2021, 2, 28)),
    ]
    for municipality in Municipality.objects.filter(code__in=municipality_codes):
        for reference, approved_on, expires_on in orders:
            if ListOrder.objects.filter(municipality=municipality, reference=reference).exists():
                continue
            create_list_order(
                by=seeding_actor([municipality.code]),
                municipality=municipality,
                programme=programme,
                reference=reference,
                purpose="Målrettet opringning til borgere i Havrevænget, hvor tilslutningen er lav (opdigtet).",
                approved_on=approved_on,
                expires_on=expires_on,
                now=now,
            )
    return [reference for reference, _, _ in orders]


def seeding_actor(municipality_codes: list[int]) -> Actor:
    """The system job that seeds: what it writes is signed `Demodata`, for people read it."""
    return system_actor(SEEDER, municipality_codes)
