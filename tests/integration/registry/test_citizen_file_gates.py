"""A citizen file that changes very many people waits for a second person; an ordinary one does not (IC07, A13)."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.errors import UserError
from outreach.privacy.retention import erase_expired
from registry.imports import citizen_jobs
from registry.models import Citizen, CitizenImport, CitizenImportState
from registry.services.citizen_file_decisions import approve_citizen_file, reject_citizen_file
from registry.services.citizen_gates import SENTENCES, ChangeFigures, reasons_to_hold
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import records
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import NOW
from tests.factories.registry import cpr_number, make_citizen

pytestmark = pytest.mark.django_db
PEOPLE = 40
COLUMNS = "cpr;navn;adresse;cpr_status;adressebeskyttet;adressebeskyttet_til"


def people(count: int = PEOPLE, **fields: Any) -> None:
    """`count` citizens of Ishøj, each with an address of their own."""
    with records():
        for serial in range(1, count + 1):
            make_citizen(serial, address=f"Vejlebrovej {serial}", **fields)


def lines(serials: Iterable[int], *, street: str = "Vejlebrovej", status: str = "01", hidden: str = "") -> list[str]:
    return [f"{cpr_number(serial)};Testperson {serial};{street} {serial};{status};{hidden};" for serial in serials]


def hand_in(client: Client, rows: list[str], header: str = COLUMNS) -> CitizenImport:
    """Post the file, and let the worker read it."""
    set_demo_clock(NOW)
    file = SimpleUploadedFile("borgere.csv", "\r\n".join([header, *rows]).encode())
    client.post("/borgere/indlaes/", {"file": file})
    return citizen_jobs.run(CitizenImport.objects.latest("pk").pk, now=NOW)


def statuses() -> dict[str, int]:
    with records():
        found: dict[str, int] = {}
        for status in Citizen.objects.values_list("status", flat=True):
            found[status] = found.get(status, 0) + 1
        return found


@pytest.fixture
def uploader() -> Client:
    return client_with_role(Role.LIST_ADMIN, username="uploader")


@pytest.fixture
def second() -> Client:
    return client_with_role(Role.TEAM_LEAD, username="second")


def codes(held: CitizenImport) -> list[str]:
    return [gate["code"] for gate in held.gates]


def test_a_file_that_reports_nearly_everybody_dead_changes_nobody(uploader: Client) -> None:
    people()
    held = hand_in(uploader, lines(range(1, 37), status="90"))
    assert (held.state, codes(held)) == (CitizenImportState.HELD, ["many_ended"])
    assert statuses() == {"active": PEOPLE}
    page = uploader.get(f"/borgere/indlaes/?kvittering={held.pk}").content.decode()
    assert "Filen melder 36 af 40 borgere døde" in page
    assert "Du har selv indlæst filen" in page
    assert "Indlæs filen alligevel" not in page


@pytest.mark.parametrize(
    ("before", "file", "code"),
    [
        ({}, {"status": "80"}, "many_ended"),
        ({}, {"status": "05"}, "many_moved"),
        ({"status": "deceased"}, {"status": "01"}, "many_revived"),
        ({}, {"hidden": "ja"}, "many_protected"),
        ({"protected": True}, {"hidden": "nej"}, "many_unprotected"),
        ({}, {"street": "Forkert Vej"}, "many_readdressed"),
    ],
)
def test_each_kind_of_mass_change_is_held_from_twenty_people_on(
    uploader: Client, before: dict[str, Any], file: dict[str, str], code: str
) -> None:
    people(**before)
    least = 5 if code == "many_unprotected" else 20
    fewer = hand_in(uploader, lines(range(1, least), **file))
    assert fewer.state == CitizenImportState.DONE
    assert fewer.counts["changed"] == least - 1
    # Those of the first file are as the second says already: it changes this many others.
    held = hand_in(uploader, lines(range(1, 2 * least), **file))
    assert (held.state, codes(held)) == (CitizenImportState.HELD, [code])


def test_rows_that_slipped_are_told_by_their_names(uploader: Client) -> None:
    people()
    held = hand_in(uploader, [f"{cpr_number(each)};Testperson {each + 1}" for each in range(1, 36)], "cpr;navn")
    assert codes(held) == ["many_renamed"]
    assert "35 af 40" in held.gates[0]["message"]


def test_numbers_changed_in_the_mass_are_held(uploader: Client) -> None:
    people()
    rows = [f"{cpr_number(each)};Testperson {each};60;{cpr_number(each, year=41)}" for each in range(1, 26)]
    held = hand_in(uploader, rows, "cpr;navn;cpr_status;gaeldende_cpr")
    assert codes(held) == ["many_renumbered"]
    with records():
        assert Citizen.objects.filter(previous_numbers=None).count() == PEOPLE


def test_the_first_file_of_all_fills_what_was_blank(uploader: Client) -> None:
    with records():
        for serial in range(1, 31):
            make_citizen(serial)
    done = hand_in(uploader, lines(range(1, 61)))
    assert (done.state, done.counts["added"], done.counts["changed"]) == (CitizenImportState.DONE, 30, 30)


def test_somebody_else_answers_for_the_file_and_it_is_read(uploader: Client, second: Client, settings: Any) -> None:
    people()
    held = hand_in(uploader, lines(range(1, 31), status="90"))
    assert "borgerfil holdes tilbage" in second.get("/").content.decode()
    address = f"?kvittering={held.pk}"
    uploader.post(f"/borgere/indlaes/godkend/{address}", {"reason": "Det er rigtigt"})
    second.post(f"/borgere/indlaes/godkend/{address}", {"reason": "  "})
    held.refresh_from_db()
    assert held.state == CitizenImportState.HELD
    assert "Indlæs filen alligevel" in second.get(f"/borgere/indlaes/{address}").content.decode()
    second.post(f"/borgere/indlaes/godkend/{address}", {"reason": "Plejehjem lukket efter brand"})
    done = citizen_jobs.run(held.pk, now=NOW)
    assert (done.state, done.counts["changed"]) == (CitizenImportState.DONE, 30)
    assert statuses() == {"active": 10, "deceased": 30}
    receipt = uploader.get(f"/borgere/indlaes/{address}").content.decode()
    assert "har godkendt den alligevel: Plejehjem lukket efter brand" in receipt
    assert [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()] == []


def test_an_answer_covers_no_more_people_than_it_was_given_for(uploader: Client) -> None:
    people(30)
    held = hand_in(uploader, lines(range(1, 41), status="90"))
    approver = actor_with_role(Role.TEAM_LEAD, username="approver")
    with data_context(approver):
        approve_citizen_file(by=approver, receipt=held, reason="Ja", now=NOW)
        for serial in range(31, 41):
            make_citizen(serial)
    again = citizen_jobs.run(held.pk, now=NOW)
    assert (again.state, again.gates[0]["rows"]) == (CitizenImportState.HELD, 40)


def test_a_refused_file_is_erased_and_stays_refused(uploader: Client, settings: Any) -> None:
    people()
    held = hand_in(uploader, lines(range(1, 31), status="90"))
    # The sweeper leaves a held file, and its bytes, alone.
    assert citizen_jobs.waiting_import_ids() == []
    assert len([path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()]) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.services.citizen_file_decisions.transaction.on_commit", lambda work: work())
        page = uploader.post(f"/borgere/indlaes/afvis/?kvittering={held.pk}", follow=True).content.decode()
    assert "Filen er afvist og slettet." in page
    assert [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()] == []
    assert citizen_jobs.run(held.pk, now=NOW).state == CitizenImportState.REJECTED
    assert statuses() == {"active": PEOPLE}


def test_nobody_of_another_municipality_or_role_decides(uploader: Client) -> None:
    people()
    held = hand_in(uploader, lines(range(1, 31), status="90"))
    stranger = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    caseworker = client_with_role(Role.CASEWORKER)
    for what in ("godkend", "afvis"):
        address = f"/borgere/indlaes/{what}/?kvittering={held.pk}"
        assert stranger.post(address, {"reason": "Ja"}).status_code == 404
        assert caseworker.post(address, {"reason": "Ja"}).status_code == 403
    foreign = actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="foreign")
    for decide in (
        lambda: approve_citizen_file(by=foreign, receipt=held, reason="Ja", now=NOW),
        lambda: reject_citizen_file(by=foreign, receipt=held, now=NOW),
    ):
        with pytest.raises(Exception, match="municipality"):
            decide()
    held.refresh_from_db()
    assert held.state == CitizenImportState.HELD


@pytest.mark.parametrize(("days", "gone"), [(timedelta(days=30) - timedelta(minutes=1), 0), (timedelta(days=30), 1)])
def test_a_held_file_nobody_answers_for_goes_as_raw_files_do(
    uploader: Client, settings: Any, tmp_path: Path, days: timedelta, gone: int
) -> None:
    settings.DROP_FOLDER = tmp_path / "drop"
    people()
    held = hand_in(uploader, lines(range(1, 31), status="90"))
    erased = erase_expired(now=NOW + days, real_now=timezone.now(), dry_run=False)
    assert erased["held_citizen_files"] == gone
    held.refresh_from_db()
    assert held.state == ("rejected" if gone else "held")
    left = [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()]
    assert len(left) == 1 - gone


def test_the_command_holds_too_and_takes_a_second_persons_word(tmp_path: Path, capsys: Any) -> None:
    actor_with_role(Role.LIST_ADMIN, username="first")
    actor_with_role(Role.TEAM_LEAD, username="other")
    people()
    path = tmp_path / "borgere.csv"
    path.write_text("\r\n".join([COLUMNS, *lines(range(1, 31), status="90")]), encoding="utf-8")
    command = ["import_citizens", str(path), "--municipality", "0183", "--by", "first", "--json"]
    for more in ([], ["--confirmed-by", "first", "--reason", "Ja"], ["--confirmed-by", "other"]):
        with pytest.raises(SystemExit):
            call_command(*command, *more)
    answered = capsys.readouterr().out
    assert [code in answered for code in ("many_ended", "override_own", "override_reason")] == [True] * 3
    assert statuses() == {"active": PEOPLE}
    assert not CitizenImport.objects.exists()
    call_command(*command, "--confirmed-by", "other", "--reason", "Plejehjem lukket")
    assert statuses() == {"active": 10, "deceased": 30}


@pytest.mark.parametrize(
    ("active", "ended", "held"),
    [(20_000, 200, False), (20_000, 201, True), (1_000, 19, False), (1_000, 20, True), (0, 0, False)],
)
def test_one_in_a_hundred_is_the_bound(active: int, ended: int, held: bool) -> None:
    none = dict.fromkeys(("moved", "revived", "hidden", "shown", "renamed", "readdressed", "renumbered"), 0)
    assert bool(reasons_to_hold(ChangeFigures(active=active, protected=0, ended=ended, **none))) is held


def test_every_gate_has_its_sentence() -> None:
    figures = dict.fromkeys(ChangeFigures.__dataclass_fields__, 500) | {"active": 500, "protected": 500}
    assert sorted(gate["code"] for gate in reasons_to_hold(ChangeFigures(**figures))) == sorted(SENTENCES)


def test_what_is_not_held_cannot_be_answered_for() -> None:
    admin = actor_with_role(Role.LIST_ADMIN)
    done = CitizenImport.objects.create(municipality_id=183, imported_at=NOW)
    with pytest.raises(UserError, match="Genindlæs siden"):
        approve_citizen_file(by=admin, receipt=done, reason="Ja", now=NOW)
    with pytest.raises(UserError, match="Genindlæs siden"):
        reject_citizen_file(by=admin, receipt=done, now=NOW)
