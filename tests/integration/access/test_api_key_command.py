"""Keys made, seen and revoked at a terminal: by a list administrator, in their municipality, the secret shown once."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from outreach.access.api_keys import actor_of, recognise
from outreach.access.data_context import data_context
from outreach.access.models import ApiKey
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from tests.factories.cast import actor_with_role, user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.list_pages import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people() -> None:
    user_with_role(Role.LIST_ADMIN, ISHOEJ, username="listeadmin")
    user_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="naboen")
    user_with_role(Role.CASEWORKER, ISHOEJ, username="sagsbehandler")


def run(*arguments: str, by: str = "listeadmin", **options: Any) -> Any:
    output = StringIO()
    call_command("api_key", *arguments, by=by, now=NOW.isoformat(), json=True, stdout=output, **options)
    return json.loads(output.getvalue())


def refused(*arguments: str, **options: Any) -> str:
    output = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("api_key", *arguments, **({"by": "listeadmin"} | options), json=True, stdout=output)
    assert exit_.value.code == 2
    return json.loads(output.getvalue())["error"]["code"]


def test_a_key_is_made_printed_once_and_holds_for_its_days_in_its_municipality() -> None:
    made = run("make", "Dataplatform", days=30)
    row = recognise(made["key"])
    assert row is not None
    assert (row.label, row.expires_at, row.created_by_name) == ("Dataplatform", NOW + timedelta(days=30), "Mette Holm")
    actor = actor_of(row, NOW)
    assert actor is not None
    assert actor.municipality_codes == {ISHOEJ}
    listed = run("list")
    assert [key["prefix"] for key in listed["keys"]] == [f"opsoeg_{row.prefix}"]
    assert made["key"] not in json.dumps(listed)


def test_a_person_at_the_terminal_sees_the_secret_and_what_to_do_with_it() -> None:
    output = StringIO()
    call_command("api_key", "make", "Dataplatform", by="listeadmin", now=NOW.isoformat(), stdout=output)
    first, warning, secret = output.getvalue().splitlines()
    assert first.endswith("Dataplatform  Gælder  19.07.2021")
    assert warning.startswith("Nøglen vises kun denne ene gang.")
    assert recognise(secret) == ApiKey.objects.get()
    output = StringIO()
    call_command("api_key", "list", by="naboen", stdout=output)
    assert output.getvalue() == "Der er ingen nøgler.\n"


def test_a_revoked_key_ends_at_once_and_both_are_logged_as_the_persons_doing() -> None:
    made = run("make", "Dataplatform")
    ended = run("revoke", made["prefix"])
    assert ended["state"] == "Spærret"
    row = recognise(made["key"])
    assert row is not None
    assert actor_of(row, NOW) is None
    with data_context(actor_with_role(Role.AUDITOR, username="kontrol")):
        events = AccessEvent.objects.filter(subject_kind="apikey").order_by("recorded_at")
        logged = [(event.action, event.actor_name, event.subject_label) for event in events]
    assert logged == [
        (Action.ADD, "Mette Holm", f"API-nøgle {row.pk}"),
        (Action.DELETE, "Mette Holm", f"API-nøgle {row.pk}"),
    ]


def test_a_key_of_another_municipality_is_neither_seen_nor_revoked() -> None:
    made = run("make", "Dataplatform", by="naboen")
    assert run("list")["keys"] == []
    assert refused("revoke", made["prefix"]) == "unknown_key"
    assert ApiKey.objects.get().revoked_at is None


def test_what_cannot_be_done_is_said() -> None:
    assert refused("make", "") == "key_label"
    assert refused("make", "Dataplatform", days=366) == "key_days"
    assert refused("make", "Dataplatform", by="sagsbehandler") == "not_allowed"
    assert refused("make", "Dataplatform", by="ingen") == "unknown_user"
    assert refused("make", "Dataplatform", municipality=HOEJE_TAASTRUP) == "no_membership"
    assert not ApiKey.objects.exists()
