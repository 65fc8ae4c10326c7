"""A spreadsheet that ends very many follow-ups is taken in by another than whoever handed it in (L8, decision 0009)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.imports.earlier_contacts_jobs import advance, waiting_file_ids
from campaigns.models import EarlierContacts
from campaigns.services.earlier_contacts import commit_file, undo_file
from campaigns.services.earlier_contacts_columns import reopen_columns
from campaigns.services.earlier_contacts_files import receive_file
from campaigns.services.earlier_contacts_gates import is_barred, is_many
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import FollowUp, Municipality, Programme
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import NOW as PAGE_NOW
from tests.factories.contact_pages import citizen as page_citizen
from tests.factories.contact_pages import clock_at, follow_up, records
from tests.factories.registry import committed_list, cpr_number, csv_file, make_citizen, moment, row

pytestmark = pytest.mark.django_db
NOW = moment(date(2021, 4, 20))
PEOPLE = range(1, 26)


@pytest.fixture
def sender() -> Actor:
    """Handed the file in; 25 citizens are followed up."""
    actor = actor_with_role(Role.LIST_ADMIN, username="afsender")
    with data_context(actor):
        for serial in PEOPLE:
            make_citizen(serial)
    committed_list(actor, csv_file([row(serial) for serial in PEOPLE]), as_of=date(2021, 4, 6))
    return actor


def reviewed(by: Actor, answers: dict[int, str], day: str = "12-04-2021") -> EarlierContacts:
    received = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        file=csv_file([(cpr_number(each), day, answer) for each, answer in answers.items()], ("CPR", "Dato", "Svar")),
        display_name="svar.csv",
        sender="",
        now=NOW,
    )
    read_and_review(received, by=by, now=NOW)
    return EarlierContacts.objects.get(pk=received.pk)


def gate(rows: int, of: int = 25) -> list[dict[str, Any]]:
    return [{"programme": Programme.objects.get(code="covid-19").name, "rows": rows, "of": of}]


def closed() -> int:
    return FollowUp.objects.filter(status="closed").count()


@pytest.mark.parametrize(
    ("ended", "open_before", "many"),
    [(19, 0, False), (20, 0, True), (20, 1999, True), (20, 2000, False), (21, 2000, True), (1000, 100_000, False)],
)
def test_many_is_more_than_one_in_a_hundred_from_twenty_people_on(ended: int, open_before: int, many: bool) -> None:
    assert is_many(ended, open_before) is many


def test_whoever_handed_it_in_cannot_take_in_a_file_that_ends_very_many(sender: Actor) -> None:
    second = actor_with_role(Role.TEAM_LEAD, username="teamleder")
    with data_context(sender):
        # Some say no, some want no contact at all, some are dead: all of them are left alone from now on.
        words = {0: "Nej tak", 1: "vil ikke kontaktes", 2: "død"}
        file = reviewed(sender, {serial: words[serial % 3] for serial in range(1, 21)})
        assert file.gates == gate(20)
        with pytest.raises(UserError) as refusal:
            commit_file(by=sender, file=file, now=NOW)
        assert refusal.value.code == "second_person"
        assert "afslutter eller standser filen opfølgningen for 20 borgere" in refusal.value.message
        assert closed() == 0
        # A job is no second person.
        assert is_barred(system_actor("earlier-contacts", [183]), file)
    with data_context(second):
        committed = commit_file(by=second, file=file, now=NOW)
        assert (committed.state, committed.committed_by_name, closed()) == ("committed", second.name, 20)
    with data_context(sender):
        # Giving everybody back needs nobody else.
        undo_file(by=sender, file=committed, now=NOW + timedelta(minutes=1))
        assert closed() == 0


def test_an_ordinary_file_is_taken_in_by_whoever_handed_it_in(sender: Actor) -> None:
    with data_context(sender):
        answers = dict.fromkeys(range(1, 20), "Nej tak") | dict.fromkeys(range(20, 26), "Ingen svar")
        file = reviewed(sender, answers)
        assert file.gates == []
        assert commit_file(by=sender, file=file, now=NOW).state == "committed"
        assert closed() == 19


def test_what_ends_nothing_new_is_not_counted(sender: Actor) -> None:
    second = actor_with_role(Role.TEAM_LEAD, username="teamleder")
    answers = dict.fromkeys(PEOPLE, "Nej tak")
    with data_context(sender):
        first = reviewed(sender, answers)
        assert first.gates == gate(25)
    with data_context(second):
        commit_file(by=second, file=first, now=NOW)
    with data_context(sender):
        # They have said no again, two days later.
        again = reviewed(sender, answers, day="14-04-2021")
        assert (again.gates, again.counts) == ([], {"closes": 25, "problem": 0})
        commit_file(by=sender, file=again, now=NOW + timedelta(minutes=1))


def test_people_on_no_list_count_too(sender: Actor) -> None:
    with data_context(sender):
        for serial in range(101, 121):
            make_citizen(serial)
        assert reviewed(sender, dict.fromkeys(range(101, 121), "Nej tak")).gates == gate(20)


def test_a_file_sent_back_to_its_columns_is_no_longer_held(sender: Actor) -> None:
    with data_context(sender):
        file = reviewed(sender, dict.fromkeys(PEOPLE, "Nej tak"))
        assert reopen_columns(by=sender, file=file, now=NOW).gates == []


def test_the_page_says_why_and_who_can() -> None:
    clock_at(PAGE_NOW)
    with records():
        for serial in PEOPLE:
            follow_up(page_citizen(f"Borger {serial}", cpr=cpr_number(serial)))
    first = client_with_role(Role.LIST_ADMIN, username="afsender")
    lines = ["CPR;Dato;Svar", *[f"{cpr_number(serial)};12-04-2021;Nej tak" for serial in PEOPLE]]
    form = {
        "file": SimpleUploadedFile("svar.csv", "\r\n".join(lines).encode()),
        "programme": Programme.objects.get(code="covid-19").pk,
    }
    first.post("/lister/tidligere-svar/indlaes/", form)
    (waiting,) = waiting_file_ids()
    advance(waiting, now=PAGE_NOW)
    address = f"/lister/tidligere-svar/{waiting}/"

    def page(client: Client) -> str:
        return client.get(address).content.decode()

    why = "afslutter eller standser filen opfølgningen for 25 borgere. Åbne opfølgninger i alt: 25."
    assert why in page(first)
    assert "en anden teamleder eller listeadministrator" in page(first)
    assert "Godkend, og indlæs" not in page(first)
    refused = first.post(f"{address}godkend/", follow=True).content.decode()
    assert "en anden end den, der har indlæst filen, skal godkende den" in refused
    with records():
        assert closed() == 0
    second = client_with_role(Role.TEAM_LEAD, username="teamleder")
    assert why in page(second)
    assert "Se efter, at det er den rigtige fil, før du godkender den." in page(second)
    assert "Godkend, og indlæs" in page(second)
    assert "Svarene er indlæst" in second.post(f"{address}godkend/", follow=True).content.decode()
    assert "Filen skal ses af to" not in page(second)
    with records():
        assert closed() == 25
