"""One list through the pages, from the file to the receipt and back again; the worker's step is called on the spot."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from registry.imports.lists import advance
from registry.models import FollowUp, NonresponderList
from tests.factories.cast import client_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.list_pages import (
    AASE,
    BENT,
    CARLA,
    DORTE,
    NOW,
    ROWS,
    committed,
    list_file,
    reviewed,
    upload,
)

pytestmark = pytest.mark.django_db
JOB = system_actor("test", [ISHOEJ])


@pytest.fixture
def list_admin() -> Client:
    return client_with_role(Role.LIST_ADMIN)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def logged(action: Action, **criteria: Any) -> list[AccessEvent]:
    with data_context(JOB):
        return list(AccessEvent.objects.filter(action=action, **criteria).order_by("recorded_at"))


def test_a_list_goes_from_file_to_receipt_and_can_be_undone(list_admin: Client) -> None:
    answer = upload(list_admin, [*ROWS, "123;Kort Nummer;7;22-03-2021"])
    found = NonresponderList.objects.get()
    assert answer.headers["Location"] == f"/lister/{found.pk}/"
    assert "Den står i kø" in text_of(list_admin, f"/lister/{found.pk}/")

    advance(found.pk, now=NOW)
    review = text_of(list_admin, f"/lister/{found.pk}/")
    assert "Gennemse listen fra 20. april" in review
    assert "4 rækker · Covid-19, ventetid 22 dage, målgruppe 1–7" in review
    assert "3 nye borgere får en opfølgning" in review
    assert "1 række kan ikke læses" in review

    receipt = list_admin.post(f"/lister/{found.pk}/godkend/", follow=True).content.decode()
    assert "Listen er indlæst. Her er kvitteringen." in receipt
    assert "Kvittering for listen fra 20. april" in receipt
    assert "Næste liste, uge 17, ventes tirs. 27.04." in receipt
    with data_context(JOB):
        assert FollowUp.objects.filter(status="open").count() == 3

    undone = list_admin.post(f"/lister/{found.pk}/fortryd/", {"note": "Forkert uge"}, follow=True).content.decode()
    assert "Mette Holm fortrød listen 20.04.2021" in undone
    assert "Forkert uge" in undone
    with data_context(JOB):
        assert not FollowUp.objects.filter(status="open").exists()


def test_the_next_week_shows_who_waits_and_who_is_gone_with_the_earlier_answer(list_admin: Client) -> None:
    committed(list_admin, ROWS, as_of="13.04.2021")
    with data_context(JOB):
        follow_up = FollowUp.objects.get(citizen__name="Bent Holm")
        FollowUp.objects.filter(pk=follow_up.pk).update(outcome="declined", outcome_at=NOW, barrier="distrust")
    found = reviewed(list_admin, ROWS[:2])
    waiting = text_of(list_admin, f"/lister/{found.pk}/?gruppe=waiting")
    assert "Bent Holm" in waiting
    assert "Ønsker ikke" in waiting
    assert "20.04. · mistillid" in waiting
    gone = text_of(list_admin, f"/lister/{found.pk}/?gruppe=gone")
    assert "Carla Yilmaz" in gone
    assert "Det er ikke det samme som vaccineret" in gone


def test_no_cpr_number_is_ever_shown_whole(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, f"{DORTE};Dorte Dam;1;22-03-2021", f"{DORTE};Dorte Dam;2;22-03-2021"])
    pages = [text_of(list_admin, f"/lister/{found.pk}/?gruppe={group}") for group in ("new", "needs_decision")]
    pages += [text_of(list_admin, "/lister/"), text_of(list_admin, f"/lister/{found.pk}/fejl.csv")]
    assert "711039-••••" in pages[0]
    assert "810240-••••" in pages[1]
    for page in pages:
        for number in (AASE, BENT, CARLA, DORTE):
            assert number not in page
            assert f"{number[:6]}-{number[6:]}" not in page


def test_rows_shown_are_logged_as_looked_at_and_the_receipt_looks_at_nobody(list_admin: Client) -> None:
    found = committed(list_admin, ROWS)
    text_of(list_admin, f"/lister/{found.pk}/")
    assert logged(Action.LOOK, subject_kind="citizen") == []
    text_of(list_admin, f"/lister/{found.pk}/?gruppe=new")
    assert len(logged(Action.LOOK, subject_kind="citizen", purpose="Gennemsyn af liste")) == 3


def test_unknown_people_are_logged_on_the_list(list_admin: Client) -> None:
    found = reviewed(list_admin, ROWS)
    text_of(list_admin, f"/lister/{found.pk}/?gruppe=new")
    (look,) = logged(Action.LOOK, subject_kind="nonresponderlist")
    assert (look.subject_id, look.detail) == (str(found.pk), {"rows": 3})


def test_rows_that_differ_are_one_choice_and_the_choice_is_kept(list_admin: Client) -> None:
    rows = [*ROWS, f"{DORTE};Dorte Dam;1;22-03-2021", f"{DORTE};Dorte Dam;2;22-03-2021"]
    found = reviewed(list_admin, rows)
    with data_context(JOB):
        first, second = found.list_rows.filter(row_class="needs_decision").order_by("row_number")
    page = text_of(list_admin, f"/lister/{found.pk}/")
    assert "5, 6" in page
    assert "Række 5 · målgruppe 1 (den tidligste)" in page
    saved = list_admin.post(
        f"/lister/{found.pk}/valg/",
        {f"row-{first.pk}": f"import-{first.pk}", "gruppe": "needs_decision"},
        follow=True,
    ).content.decode()
    assert "1 valg er gemt." in saved
    assert "Valgt af Mette Holm" in saved
    with data_context(JOB):
        second.refresh_from_db()
        assert second.decision == "skip"
    list_admin.post(f"/lister/{found.pk}/godkend/")
    with data_context(JOB):
        assert FollowUp.objects.get(citizen__name="Dorte Dam").target_group == "1"


def test_all_rows_with_one_problem_are_decided_at_once(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, "101610004;Ni Cifre;7;22-03-2021", "101610012;Ni Andre;7;22-03-2021"])
    with data_context(JOB):
        code = found.list_rows.filter(row_class="needs_decision").values_list("problem_code", flat=True).first()
    assert "Indlæs alle 2" in text_of(list_admin, f"/lister/{found.pk}/")
    answer = {"problem_code": code, "decision": "skip", "gruppe": "needs_decision", "antal": "3"}
    refused = list_admin.post(f"/lister/{found.pk}/valg/", answer, follow=True).content.decode()
    assert "Der er nu 2 rækker, ikke 3. Intet er gemt" in refused
    saved = list_admin.post(f"/lister/{found.pk}/valg/", answer | {"antal": "2"}, follow=True).content.decode()
    assert "2 valg er gemt." in saved
    assert "Alle 2 er afgjort" in saved


def test_the_number_of_queries_does_not_grow_with_the_rows(list_admin: Client) -> None:
    few = reviewed(list_admin, ROWS)
    numbers = [f"{61 + day}0139{serial:04d}" for day in range(10) for serial in (2, 4, 6)]
    many = reviewed(list_admin, [f"{number};Navn Navnesen;7;22-03-2021" for number in numbers])
    queries = []
    for found in (few, many):
        with CaptureQueriesContext(connection) as captured:
            text_of(list_admin, f"/lister/{found.pk}/?gruppe=new")
        queries.append(len(captured))
    assert queries[0] == queries[1]
    # The header is row 1, so 25 rows end at 26 and the last 5 at 31.
    assert "Række 2 til 26 i filen · 30 i alt" in text_of(list_admin, f"/lister/{many.pk}/?gruppe=new")
    assert "Række 27 til 31 i filen · 30 i alt" in text_of(list_admin, f"/lister/{many.pk}/?gruppe=new&efter=26")
    assert "Række 2 til 26 i filen · 30 i alt" in text_of(list_admin, f"/lister/{many.pk}/?gruppe=new&foer=27")


def test_a_held_list_says_why_and_only_somebody_else_may_override(list_admin: Client) -> None:
    committed(list_admin, ROWS, as_of="20.04.2021")
    found = reviewed(list_admin, ROWS[:2], as_of="13.04.2021")
    page = text_of(list_admin, f"/lister/{found.pk}/")
    assert "listen fra 20.04.2021 er allerede indlæst" in page
    assert "Du har selv indlæst filen" in page
    override = {"override": "older_than_newest", "reason": "SSI bekræfter den"}
    list_admin.post(f"/lister/{found.pk}/godkend/", override)
    found.refresh_from_db()
    assert found.state == "reviewed"

    lead = client_with_role(Role.TEAM_LEAD)
    # One way on for whom it helps: trying again would not, and the uploader can only take the list back.
    assert 'href="#reason-older_than_newest"' in text_of(lead, f"/lister/{found.pk}/")
    assert 'href="#reason-' not in text_of(list_admin, f"/lister/{found.pk}/")
    for each in (lead, list_admin):
        ending = text_of(each, f"/lister/{found.pk}/").partition('id="godkend"')[2].partition("</section>")[0]
        assert "Afvis listen" in ending
        assert "Prøv igen" not in ending
    assert "Godkend alligevel" in text_of(lead, f"/lister/{found.pk}/")
    missing = lead.post(f"/lister/{found.pk}/godkend/", override | {"reason": ""}, follow=True).content.decode()
    assert "Skriv, hvorfor listen er rigtig alligevel" in missing
    receipt = lead.post(f"/lister/{found.pk}/godkend/", override, follow=True).content.decode()
    assert "har godkendt den alligevel: SSI bekræfter den" in receipt


def test_rejected_and_withdrawn_lists_say_who_and_that_nothing_was_used(list_admin: Client) -> None:
    found = reviewed(list_admin, ROWS)
    page = list_admin.post(f"/lister/{found.pk}/afvis/", follow=True).content.decode()
    assert "Mette Holm afviste listen" in page
    again = reviewed(list_admin, ROWS)
    page = list_admin.post(f"/lister/{again.pk}/traek-tilbage/", follow=True).content.decode()
    assert "Mette Holm trak listen tilbage" in page
    assert "Intet af den er brugt." in page


def test_error_list_is_a_logged_export(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, "123;Kort Nummer;7;22-03-2021"])
    response = list_admin.get(f"/lister/{found.pk}/fejl.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Række;Kolonne;Hvad er galt;Hvad kan du gøre;Kode"
    assert lines[1].startswith("5;CPR-nummer;")
    assert "Kort Nummer" not in response.content.decode()
    (export,) = logged(Action.EXPORT)
    assert (export.subject_id, export.detail) == (str(found.pk), {"rows": 1, "format": "csv"})


def test_error_list_is_a_spreadsheet_too(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, "123;Kort Nummer;7;22-03-2021"])
    response = list_admin.get(f"/lister/{found.pk}/fejl.xlsx")
    assert response.headers["Content-Disposition"] == f'attachment; filename="fejl-uge16-liste{found.pk}.xlsx"'
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Række", 5]
    assert rows[1][1] == "CPR-nummer"
    assert logged(Action.EXPORT)[0].detail == {"rows": 1, "format": "xlsx"}


def test_receipt_is_a_pdf_that_names_nobody_and_is_logged(list_admin: Client) -> None:
    found = committed(list_admin, ROWS, file=list_file(ROWS, name="Aase Birthe Mikkelsen.csv"))
    response = list_admin.get(f"/lister/{found.pk}/kvittering.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="kvittering-uge16-liste{found.pk}.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert logged(Action.EXPORT)[0].detail == {"format": "pdf"}
    receipt = text_of(list_admin, f"/lister/{found.pk}/")
    assert "fik en opfølgning og et næste skridt" in receipt


def test_the_newest_choice_can_be_taken_back_and_only_the_newest(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, "101610004;Ni Cifre;7;22-03-2021", "101610012;Ni Andre;7;22-03-2021"])
    with data_context(JOB):
        first, second = found.list_rows.filter(row_class="needs_decision").order_by("row_number")
    choose, undo = f"/lister/{found.pk}/valg/", f"/lister/{found.pk}/valg/fortryd/"
    list_admin.post(choose, {f"row-{first.pk}": f"import-{first.pk}"})
    list_admin.post(choose, {f"row-{first.pk}": f"import-{first.pk}", f"row-{second.pk}": "skip"})

    assert "Der er truffet nye valg imens" in list_admin.post(undo, {"trin": "1"}, follow=True).content.decode()
    assert "1 valg er fortrudt." in list_admin.post(undo, {"trin": "2"}, follow=True).content.decode()
    with data_context(JOB):
        assert list(found.list_rows.exclude(decision="").values_list("pk", "decision")) == [(first.pk, "import")]
    assert "1 valg er fortrudt." in list_admin.post(undo, {"trin": "1"}, follow=True).content.decode()
    with data_context(JOB):
        assert not found.list_rows.exclude(decision="").exists()


def test_the_earliest_group_is_taken_for_all_who_stand_twice_unless_it_is_shared(list_admin: Client) -> None:
    rows = [f"{DORTE};Dorte Dam;7;22-03-2021", f"{DORTE};Dorte Dam;2;22-03-2021"]
    shared = [f"{BENT};Bent Holm;3;22-03-2021", f"{BENT};Bent Holm;3;15-03-2021"]
    found = reviewed(list_admin, [*rows, *shared])
    answer = {"decision": "earliest", "gruppe": "needs_decision"}
    assert "1 valg er gemt." in list_admin.post(f"/lister/{found.pk}/valg/", answer, follow=True).content.decode()
    with data_context(JOB):
        decided = list(found.list_rows.order_by("row_number").values_list("row_number", "decision"))
    assert decided == [(2, "skip"), (3, "import"), (4, ""), (5, "")]


def test_a_search_finds_a_name_a_row_or_a_number_and_is_logged(list_admin: Client) -> None:
    found = reviewed(list_admin, ROWS)
    address = f"/lister/{found.pk}/raekker/"
    for text in ("bent", "3", BENT, f"{BENT[:6]}-{BENT[6:]}"):
        page = list_admin.post(address, {"gruppe": "new", "soeg": text}).content.decode()
        assert "Bent Holm" in page, text
        assert "Carla Yilmaz" not in page, text
    assert len(logged(Action.SEARCH, subject_kind="nonresponderlist")) == 4
    assert "Ingen rækker passer" in list_admin.post(address, {"gruppe": "new", "soeg": "%"}).content.decode()
    # An address holds no search: what stands there is not read.
    assert "Carla Yilmaz" in text_of(list_admin, f"/lister/{found.pk}/?gruppe=new&soeg=bent")


def test_all_that_a_search_finds_are_decided_at_once(list_admin: Client) -> None:
    rows = ["101610004;Ni Cifre;7;22-03-2021", "101610012;Ni Andre;7;22-03-2021", "101610020;Tre Tredje;7;22-03-2021"]
    found = reviewed(list_admin, [*ROWS, *rows])
    search = {"gruppe": "needs_decision", "soeg": "ni "}
    assert "Indlæs de 2" in list_admin.post(f"/lister/{found.pk}/raekker/", search).content.decode()
    only_one = list_admin.post(f"/lister/{found.pk}/raekker/", search | {"soeg": "tredje"}).content.decode()
    assert "Indlæs den ene" in only_one
    assert "Spring den ene over" in only_one
    answer = search | {"alle_fundne": "1", "antal": "2", "decision": "import"}
    list_admin.post(f"/lister/{found.pk}/valg/", answer)
    with data_context(JOB):
        decided = list(found.list_rows.filter(decision="import").values_list("name", flat=True))
    assert sorted(decided) == ["Ni Andre", "Ni Cifre"]


def test_a_corrected_list_of_the_same_week_says_what_it_changes(list_admin: Client) -> None:
    committed(list_admin, ROWS)
    found = reviewed(list_admin, [ROWS[0], f"{BENT};Bent Holm;2;29-03-2021", f"{DORTE};Dorte Dam;1;22-03-2021"])
    page = text_of(list_admin, f"/lister/{found.pk}/")
    assert "Forskelle fra den liste, der er indlæst" in page
    assert "målgruppe 3, inviteret 22.03." in page
    assert "målgruppe 2, inviteret 29.03." in page
    assert "Se forskellene herunder" in page


def test_one_choice_in_place_answers_with_its_own_part_of_the_page(list_admin: Client) -> None:
    found = reviewed(list_admin, [*ROWS, "101610004;Ni Cifre;7;22-03-2021"])
    with data_context(JOB):
        row = found.list_rows.get(row_class="needs_decision")
    answer = list_admin.post(
        f"/lister/{found.pk}/valg/",
        {f"row-{row.pk}": f"import-{row.pk}", "gruppe": "needs_decision"},
        HTTP_HX_REQUEST="true",
        HTTP_HX_TARGET=f"choice-{row.pk}",
    ).content.decode()
    assert f'id="choice-{row.pk}"' in answer
    assert "Valgt af Mette Holm" in answer
    assert "Alle 1 er afgjort" in answer
    assert "taget stilling til" not in answer
    assert "<html" not in answer


def test_progress_fragment_reloads_the_page_when_the_list_is_read(list_admin: Client) -> None:
    upload(list_admin, ROWS)
    found = NonresponderList.objects.get()
    address = f"/lister/{found.pk}/fremdrift/"
    waiting = list_admin.get(address, HTTP_HX_REQUEST="true")
    assert "hx-get" in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    advance(found.pk, now=NOW)
    assert list_admin.get(address, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"
    assert list_admin.get(address).status_code == 302


def test_rows_fragment_holds_one_group(list_admin: Client) -> None:
    found = reviewed(list_admin, ROWS)
    fragment = list_admin.get(f"/lister/{found.pk}/raekker/?gruppe=new", HTTP_HX_REQUEST="true").content.decode()
    assert "Aase Birthe Mikkelsen" in fragment
    assert "<html" not in fragment
    assert list_admin.get(f"/lister/{found.pk}/raekker/?gruppe=new").status_code == 302


def test_strange_headers_wait_for_a_mapping(list_admin: Client) -> None:
    strange = list_file([f"{AASE};Aase Birthe Mikkelsen;7;22-03-2021"], header="Nummer;Hvem;Mg;Hvornår")
    found = reviewed(list_admin, [], file=strange)
    assert found.waits_for == "mapping"
    assert "Hvilken kolonne er hvilken?" in text_of(list_admin, f"/lister/{found.pk}/")
    twice = {"cpr": "Nummer", "name": "Nummer", "invited_on": "Hvornår"}
    refused = list_admin.post(f"/lister/{found.pk}/kolonner/", twice)
    assert refused.status_code == 422
    assert "allerede valgt" in refused.content.decode()
    right = {"cpr": "Nummer", "name": "Hvem", "target_group": "Mg", "invited_on": "Hvornår"}
    assert list_admin.post(f"/lister/{found.pk}/kolonner/", right).status_code == 302
    assert advance(found.pk, now=NOW).state == "reviewed"
    assert "Aase Birthe Mikkelsen" in text_of(list_admin, f"/lister/{found.pk}/")


def test_a_list_that_cannot_be_read_says_why_and_what_now(list_admin: Client) -> None:
    found = reviewed(list_admin, [], file=list_file([], header="1234567890;2;3"))
    page = text_of(list_admin, f"/lister/{found.pk}/")
    assert "Listen kan ikke læses" in page
    assert found.error_message in page
    assert "Hvad nu?" in page
