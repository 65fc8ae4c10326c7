"""Files the drop folder refused: seen by their list administrators with a reason, and gone when they say so (L1)."""

import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.clock.services import set_demo_clock
from registry.imports.drop_folder import collect
from registry.imports.raw_files import erase_orphans
from registry.services import refused_files
from tests.factories.cast import client_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import FIRST_WEEK, csv_file, moment, row

pytestmark = pytest.mark.django_db
NOW = moment(FIRST_WEEK)
ADDRESS, LISTS = "/lister/afviste-filer/", "/lister/"
CPR = "7110390002"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    set_demo_clock(NOW)
    settings.DROP_FOLDER = tmp_path / "drop"
    incoming = tmp_path / "drop" / "0183" / "ind"
    incoming.mkdir(parents=True)
    return incoming


@pytest.fixture
def list_admin() -> Client:
    return client_with_role(Role.LIST_ADMIN)


def refuse(folder: Path, name: str) -> None:
    (folder / name).write_bytes(csv_file([row(1)]).getvalue())
    assert len(collect(ISHOEJ, now=NOW, real_now=time.time() + 61).refused) == 1


def page(client: Client, address: str = ADDRESS) -> str:
    return " ".join(client.get(address).content.decode().split())


def tokens(client: Client) -> list[str]:
    return re.findall(r'name="file" value="([0-9a-f]{32})"', page(client))


def test_a_refused_file_is_told_of_with_when_why_and_what_to_do(folder: Path, list_admin: Client) -> None:
    assert "afvist" not in page(list_admin, LISTS)
    assert "Ingen afviste filer" in page(list_admin)
    refuse(folder, "uge16.csv")
    lists = page(list_admin, LISTS)
    assert "1 fil kunne ikke indlæses." in lists
    assert f'href="{ADDRESS}"' in lists
    shown = page(list_admin)
    (sentence,) = (folder.parent / "afvist").glob("*.txt")
    for words in (
        "uge16.csv",
        "30.03.2021 kl. 12.00",
        sentence.read_text(encoding="utf-8").strip()[:40],
        "efter 30 dage",
    ):
        assert words in shown, words


def test_numbers_in_a_name_are_masked_and_no_address_carries_one(folder: Path, list_admin: Client) -> None:
    refuse(folder, f"Aase {CPR[:6]}-{CPR[6:]}.csv")
    refuse(folder, f"gulfeber-{CPR}_2021-03-30_22dage.csv")
    shown = page(list_admin)
    assert CPR not in shown
    assert f"{CPR[:6]}-{CPR[6:]}" not in shown
    assert "Aase [cpr].csv" in shown
    assert not re.search(r'(href|action)="[^"]*(Aase|711039)', shown)


def test_a_name_cannot_write_on_the_page(folder: Path, list_admin: Client) -> None:
    refuse(folder, "<script>alert(1)<\u2044script>.csv")
    assert "<script>alert" not in page(list_admin)


def test_removing_erases_the_file_with_its_sentence_and_facts_and_is_logged(folder: Path, list_admin: Client) -> None:
    (folder / "liste.csv.json").write_text("{}", encoding="utf-8")
    refuse(folder, "liste.csv")
    refuse(folder, "anden.csv")
    refused = folder.parent / "afvist"
    assert len(os.listdir(refused)) == 5
    newest_first = tokens(list_admin)
    assert len(newest_first) == 2
    for token in newest_first:
        answer = list_admin.post(f"{ADDRESS}fjern/", {"file": token}, follow=True).content.decode()
        assert "er fjernet." in answer
    assert os.listdir(refused) == []
    assert "er der ikke længere" in list_admin.post(
        f"{ADDRESS}fjern/", {"file": newest_first[0]}, follow=True
    ).content.decode()  # fmt: skip
    with data_context(system_actor("test", [ISHOEJ])):
        events = AccessEvent.objects.filter(subject_kind="dropped_file")
        assert [(event.action, event.actor_name, event.detail) for event in events] == [
            (Action.DELETE, "Mette Holm", {})
        ] * 2


def test_another_municipalitys_files_are_neither_seen_nor_removed(folder: Path, list_admin: Client) -> None:
    refuse(folder, "uge16.csv")
    (token,) = tokens(list_admin)
    neighbour = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert "afvist" not in page(neighbour, LISTS)
    assert tokens(neighbour) == []
    neighbour.post(f"{ADDRESS}fjern/", {"file": token})
    assert tokens(list_admin) == [token]


def test_team_leads_read_lists_without_the_refused_files(folder: Path) -> None:
    refuse(folder, "uge16.csv")
    assert "afvist" not in page(client_with_role(Role.TEAM_LEAD), LISTS)


def test_looking_makes_no_folder_and_a_link_is_not_entered(folder: Path, list_admin: Client, tmp_path: Path) -> None:
    page(list_admin)
    assert not (folder.parent / "afvist").exists()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "hemmelig.csv").write_text("x", encoding="utf-8")
    (folder.parent / "afvist").symlink_to(elsewhere)
    assert "hemmelig" not in page(list_admin)
    assert "Ingen afviste filer" in page(list_admin)


def test_what_others_laid_there_is_shown_and_a_link_as_a_sentence_is_not_read(
    folder: Path, list_admin: Client, tmp_path: Path
) -> None:
    refused = folder.parent / "afvist"
    refused.mkdir()
    (refused / "lagt.csv").write_text("x", encoding="utf-8")
    (tmp_path / "hemmelig.txt").write_text("hemmelig", encoding="utf-8")
    (refused / "lagt.csv.txt").symlink_to(tmp_path / "hemmelig.txt")
    shown = page(list_admin)
    assert "lagt.csv" in shown
    assert "Nogen har lagt filen her uden en forklaring." in shown
    assert "hemmelig" not in shown


def test_more_files_than_a_page_holds_are_counted(
    folder: Path, list_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused_files, "FILES_SHOWN", 2)
    for number in range(5):
        refuse(folder, f"liste{number}.csv")
    assert "Og 3 filer mere." in page(list_admin)
    assert len(tokens(list_admin)) == 2


def test_a_sentence_without_its_file_is_not_shown_and_goes_after_a_day(folder: Path, list_admin: Client) -> None:
    """A worker was killed between the sentence and the move: the file was met again, the first sentence is left."""
    refuse(folder, "uge16.csv")
    refused = folder.parent / "afvist"
    left = refused / "20210330T100000Z-0a0b_uge16.csv.txt"
    left.write_text("Filen kan ikke læses.", encoding="utf-8")
    (refused / "noter.txt").write_text("lagt her af et menneske", encoding="utf-8")
    assert len(tokens(list_admin)) == 2
    now = timezone.now()
    assert erase_orphans(NOW, now + timedelta(hours=23), False) == 0
    assert erase_orphans(NOW, now + timedelta(hours=25), True) == 1
    assert left.exists()
    assert erase_orphans(NOW, now + timedelta(hours=25), False) == 1
    assert not left.exists()
    assert len(os.listdir(refused)) == 3
