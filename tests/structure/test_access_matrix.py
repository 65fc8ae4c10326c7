"""Every address as every role, with own and with foreign objects, held against `access_matrix.csv` (A39–A41).

The matrix is written by hand: who may, not who can. `*` = everybody, also without log-in; `+` = every role;
`key` = nobody's log-in, only another system's key; nothing = no role.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from campaigns.models import QualityCheck
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from tests.factories.cast import NATIONAL_ROLES, REGIONAL_ROLES, client_with_role, organisation_for
from tests.factories.geography import AARHUS, CENTRAL_REGION, HOEJE_TAASTRUP, ISHOEJ
from tests.factories.world import World, job, world_in

# Three hundred addresses for each role: half a minute on a busy machine, more than two on an overloaded one.
pytestmark = pytest.mark.timeout(300)
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=ZoneInfo("Europe/Copenhagen"))
REFUSED = {403, 404}
BY_KEY = "key"
# Rows that are everybody's: no municipality has them alone.
NATIONAL = {"programme_id", "target_group_id", "reference", "text_kind", "text_code", "text_language", "language"}
# A whole number is the answer only to the person who may ask for it, and gives the reason that is logged.
REVEALING = "campaigns:citizen_reveal_cpr"
TEN_DIGITS = re.compile(r"(?<!\d)[67890]\d{5}-?\d{4}(?!\d)")


@dataclass(frozen=True)
class Row:
    url_name: str
    method: str
    roles: str

    def allows(self, role: Role) -> bool:
        return self.roles in {"*", "+"} or role in self.roles.split()


@cache
def matrix() -> list[Row]:
    """The matrix, pages first: they are read before anything that is sent could have changed them."""
    with (Path(__file__).parent / "access_matrix.csv").open(encoding="utf-8") as file:
        rows = [Row(row["url_name"], row["method"], row["roles"]) for row in csv.DictReader(file)]
    return sorted(rows, key=lambda row: row.method != "GET")


def addresses(patterns: list | None = None, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each named address of the site with the names of its parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", list(pattern.pattern.converters)


@cache
def parameters() -> dict[str, list[str]]:
    """What each named address of the site is made of."""
    return dict(addresses())


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert parameters().keys() == {row.url_name for row in matrix()}


@pytest.fixture
def worlds(db: None) -> dict[str, World]:
    # More municipalities than one are served: what is everybody's is nobody's to change.
    for code in (ISHOEJ, HOEJE_TAASTRUP):
        organisation_for(Role.LIST_ADMIN, code)
    return {
        "own": world_in(ISHOEJ, NOW, "7110394002"),
        "neighbour": world_in(HOEJE_TAASTRUP, NOW, "7110394004"),
        "far": world_in(AARHUS, NOW, "7110394006"),
    }


def ask(client: Client, row: Row, world: World) -> HttpResponse:
    objects = asdict(world)
    address = reverse(row.url_name, kwargs={name: objects[name] for name in parameters()[row.url_name]})
    return client.generic(row.method, address)


def has_object(row: Row) -> bool:
    return bool(set(parameters()[row.url_name]) - NATIONAL)


def _calls_were_made_by(client: Client, world: World) -> None:
    """What a team lead says of a call is for the one who made it; that is asked last, as nobody judges their own."""
    with data_context(job(ISHOEJ)):
        told = QualityCheck.objects.filter(pk=world.quality_check_id)
        told.update(caller_id=client.session["_auth_user_id"], verdict="fine", checked_at=NOW)


def shows_a_cpr_number(answer: HttpResponse) -> bool:
    return not answer.streaming and TEN_DIGITS.search(answer.content.decode(errors="replace")) is not None


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_address_answers_the_role_as_the_matrix_says_without_a_whole_cpr_number(
    role: Role, worlds: dict[str, World]
) -> None:
    client = client_with_role(role)
    faults, shown = [], []
    for row in matrix():
        if row.url_name == "campaigns:quality_seen":
            _calls_were_made_by(client, worlds["own"])
        answer = ask(client, row, worlds["own"])
        if shows_a_cpr_number(answer) and not (row.url_name == REVEALING and row.allows(role)):
            shown.append(f"{row.url_name} {row.method}")
        if row.url_name == "account_login":
            continue  # sends a person who is logged in on their way
        status = answer.status_code
        if row.roles == BY_KEY:
            faults += [] if status == 401 else [f"{row.url_name} {row.method}: {status} without a key"]
            continue
        fine = status not in REFUSED and status != 500 if row.allows(role) else status == 403
        if not fine:
            faults.append(f"{row.url_name} {row.method}: {status}")
        if row.url_name == "access:switch_role":
            client = client_with_role(role, username=f"again-{role}")
    assert not faults, "\n".join(faults)
    assert not shown, "\n".join(shown)


@pytest.mark.parametrize("role", Role, ids=str)
def test_objects_of_others_do_not_exist(role: Role, worlds: dict[str, World]) -> None:
    code = CENTRAL_REGION if role in REGIONAL_ROLES else None if role in NATIONAL_ROLES else HOEJE_TAASTRUP
    client = client_with_role(role, code)
    faults = []
    for row in filter(has_object, matrix()):
        status = ask(client, row, worlds["own"]).status_code
        if status != (401 if row.roles == BY_KEY else 404 if row.allows(role) else 403):
            faults.append(f"{row.url_name} {row.method}: {status}")
    assert not faults, "\n".join(faults)


def test_strangers_are_sent_to_the_log_in(worlds: dict[str, World]) -> None:
    faults = []
    for row in matrix():
        answer = ask(Client(), row, worlds["own"])
        sent_away = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
        if sent_away == (row.roles in {"*", BY_KEY}):
            faults.append(f"{row.url_name} {row.method}: {answer.status_code}")
    assert not faults, "\n".join(faults)
