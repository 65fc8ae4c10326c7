"""Columns a person mapped are remembered per municipality and sender, carried over, corrected and forgotten (L1)."""

from typing import Any

import pytest
from django.test import Client

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.imports.column_kinds import column_kinds
from registry.imports.lists import advance
from registry.models import ColumnMapping, ListRow, ListState, MappingSource, NonresponderList
from registry.services.lists import confirm_mapping
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import NOW, list_file, upload
from tests.factories.registry import cpr_number

pytestmark = pytest.mark.django_db
STRANGE = "Borger-ID;Hvem;MG;Skrevet til;Noter"
MAPPING = {"cpr": "Borger-ID", "name": "Hvem", "target_group": "MG", "invited_on": "Skrevet til"}
FULL = {**MAPPING, "municipality": "", "programme": ""}


def rows(*serials: int) -> list[str]:
    return [f"{cpr_number(serial)};Testperson {serial};7;22-03-2021;x" for serial in serials]


@pytest.fixture
def browser() -> Client:
    return client_with_role(Role.LIST_ADMIN)


def hand_in(
    client: Client, serial: int, header: str = STRANGE, *, sender: str = "SSI", **changes: Any
) -> NonresponderList:
    changes.setdefault("file", list_file(rows(serial), header=header))
    answer = upload(client, [], sender=sender, **changes)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return advance(NonresponderList.objects.latest("id").pk, now=NOW)


def choose(client: Client, found: NonresponderList, mapping: dict[str, str]) -> NonresponderList:
    answer = client.post(f"/lister/{found.pk}/kolonner/", mapping)
    assert answer.status_code == 302, answer.content.decode()
    return advance(found.pk, now=NOW)


def page(client: Client, found: NonresponderList) -> str:
    return client.get(f"/lister/{found.pk}/").content.decode()


def test_header_mapped_once_is_read_without_asking_the_next_time(browser: Client) -> None:
    first = hand_in(browser, 1)
    assert (first.state, first.waits_for) == (ListState.UPLOADED, "mapping")
    assert choose(browser, first, FULL).state == ListState.REVIEWED

    second = hand_in(browser, 2)
    assert (second.state, second.rows, second.mapping_source) == (ListState.REVIEWED, 1, MappingSource.REMEMBERED)
    shown = page(browser, second)
    assert "Husket fra sidst" in shown
    assert "Mette Holm valgte kolonnerne for SSI den 20.04.2021." in shown


def test_order_case_and_spacing_of_the_header_do_not_matter(browser: Client) -> None:
    choose(browser, hand_in(browser, 1), FULL)
    other = f"NOTER;hvem;borger id;Mg;Skrevet  til\r\nx;Testperson 2;{cpr_number(2)};7;22-03-2021"
    found = hand_in(browser, 2, file=list_file([], header=other))
    assert (found.state, found.rows, found.counts["new"]) == (ListState.REVIEWED, 1, 1)


@pytest.mark.parametrize("sender", ["Region H", "Kommunens eget system"])
def test_another_sender_is_asked_about_and_the_same_in_other_letters_is_not(browser: Client, sender: str) -> None:
    choose(browser, hand_in(browser, 1, sender="SSI"), FULL)
    found = hand_in(browser, 2, sender=sender)
    assert found.waits_for == "mapping"
    choose(browser, found, FULL)
    assert hand_in(browser, 3, sender=f"  {sender.upper()} ").state == ListState.REVIEWED


def test_another_municipality_is_asked_about(browser: Client) -> None:
    choose(browser, hand_in(browser, 1), FULL)
    other = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert hand_in(other, 2).waits_for == "mapping"


def test_changed_header_starts_from_what_is_remembered(browser: Client) -> None:
    choose(browser, hand_in(browser, 1), FULL)
    found = hand_in(browser, 2, "Borger-ID;Hele navnet;MG;Skrevet til;Ny")
    assert (found.waits_for, found.mapping_source) == ("mapping", MappingSource.REMEMBERED)
    shown = page(browser, found)
    assert "Overskriften er ændret siden." in shown
    assert '<option value="Borger-ID" selected>' in shown
    assert '<option value="Hele navnet" selected>' not in shown


def test_correction_of_a_complete_proposal_is_never_dropped_in_silence(browser: Client) -> None:
    header = "CPR;Navn;MG;Inviteret;Dato 2"
    body = [f"{cpr_number(1)};Testperson 1;7;22-03-2021;01-03-2021"]
    found = hand_in(browser, 1, file=list_file(body, header=header))
    assert found.state == ListState.REVIEWED
    assert "Kolonnerne er genkendt af systemet" in page(browser, found)

    browser.post(f"/lister/{found.pk}/ret-kolonner/")
    found.refresh_from_db()
    assert (found.state, found.waits_for) == (ListState.UPLOADED, "mapping")
    assert '<option value="Inviteret" selected>' in page(browser, found)
    corrected = {"cpr": "CPR", "name": "Navn", "target_group": "", "invited_on": "Dato 2"}
    found = choose(browser, found, corrected)
    with data_context(actor_with_role(Role.LIST_ADMIN, username="second")):
        (row,) = ListRow.objects.filter(nonresponder_list=found)
        assert str(row.invited_on) == "2021-03-01"
    assert found.mapping["target_group"] == ""

    same = hand_in(browser, 2, file=list_file([body[0].replace("0001", "0002")], header=header))
    assert (same.state, same.mapping["invited_on"]) == (ListState.REVIEWED, "Dato 2")
    # The synonyms would read this one by themselves, and take the wrong date.
    changed = hand_in(browser, 3, file=list_file([f"{body[0]};x"], header=f"{header};Ekstra"))
    assert (changed.waits_for, changed.mapping["invited_on"]) == ("mapping", "Dato 2")


def test_forgotten_columns_are_asked_about_again(browser: Client) -> None:
    choose(browser, hand_in(browser, 1), FULL)
    found = hand_in(browser, 2)
    answer = browser.post(f"/lister/{found.pk}/glem-kolonner/", follow=True).content.decode()
    assert "Kolonnerne fra SSI er glemt." in answer
    assert not ColumnMapping.objects.exists()
    found.refresh_from_db()
    assert found.state == ListState.REVIEWED
    assert hand_in(browser, 3).waits_for == "mapping"


def test_forgetting_while_the_page_asks_takes_the_proposal_away(browser: Client) -> None:
    choose(browser, hand_in(browser, 1), FULL)
    found = hand_in(browser, 2, "Borger-ID;Hele navnet;MG;Skrevet til;Ny")
    browser.post(f"/lister/{found.pk}/glem-kolonner/")
    shown = page(browser, found)
    assert '<option value="Borger-ID" selected>' not in shown
    assert '<option value="MG" selected>' in shown


def test_page_says_what_columns_seem_to_hold_and_shows_no_cell(browser: Client) -> None:
    found = hand_in(browser, 1)
    shown = page(browser, found)
    for words in ("Borger-ID (ti cifre)", "Skrevet til (dato)", "Hvem (tekst)", "MG (tal)"):
        assert words in shown
    assert cpr_number(1) not in shown
    assert "Testperson 1" not in shown
    assert found.column_kinds == ["ten_digits", "text", "number", "date", "text"]


def test_columns_of_a_list_in_use_cannot_be_changed(browser: Client) -> None:
    found = choose(browser, hand_in(browser, 1), FULL)
    browser.post(f"/lister/{found.pk}/godkend/")
    answer = browser.post(f"/lister/{found.pk}/ret-kolonner/", follow=True).content.decode()
    assert "Listen er ikke til gennemsyn længere." in answer
    found.refresh_from_db()
    assert found.state == ListState.COMMITTED


def test_newest_word_on_the_same_header_counts() -> None:
    by: Actor = actor_with_role(Role.LIST_ADMIN)
    header = STRANGE.split(";")
    for name in ("Hvem", "Noter"):
        waiting = NonresponderList(
            municipality_id=183, programme_id=1, as_of=NOW.date(), waiting_days=22, header=header, waits_for="mapping"
        )
        waiting.programme_id = waiting._meta.get_field("programme").related_model.objects.get(code="covid-19").pk
        waiting.state_changed_at = waiting.uploaded_at = NOW
        waiting.file_bytes = 1
        waiting.save()
        with data_context(by):
            confirm_mapping(by=by, nonresponder_list=waiting, mapping={**FULL, "name": name}, now=NOW)
    assert ColumnMapping.objects.get().mapping["name"] == "Noter"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["0101390001", "010139-0001", "101390001"], "ten_digits"),
        (["22-03-2021", "2021-03-22", "22.03.2021 09:15"], "date"),
        (["7", "12", "3,5"], "number"),
        (["Aase", "7", "22-03-2021"], "mixed"),
        (["", " "], "empty"),
        ([*["1"] * 9, "x"], "number"),
    ],
)
def test_kind_of_a_column(cells: list[str], kind: str) -> None:
    assert column_kinds(1, [[cell] for cell in cells]) == [kind]
