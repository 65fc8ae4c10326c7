"""Markup in every text somebody can send in is text on every page that shows it, on paper too (IR13, A02)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from outreach.access.api_keys import create_key
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.imports import citizen_jobs
from registry.models import Citizen, CitizenImport, Institution, ListOrder, NonresponderList, Selection
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import records
from tests.factories.geography import ISHOEJ
from tests.factories.list_pages import AASE, HEADER, NOW, list_file, reviewed
from tests.factories.world import world_in

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 31337|add:1 }}{% now 'Y' %}"
# Neither the tags themselves nor a way out of an attribute; what a template would make of the rest.
BROKEN = re.compile(r"<script>alert|<img src=x|\"'>&lt;img|31338")


@pytest.fixture
def browser() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


def test_no_page_and_no_paper_takes_markup_for_its_own(browser: Client) -> None:
    world = world_in(ISHOEJ, NOW, "7110394002")
    rows = [f'{AASE};"{MARKUP.replace(chr(34), chr(34) * 2)}";7;22-03-2021;x', f"123;{MARKUP[:30]};7;22-03-2021;x"]
    header = f"{HEADER};<b>{MARKUP[:25]}"
    found = reviewed(browser, rows, file=list_file(rows, f"{MARKUP}.csv", header), sender=MARKUP[:60])
    assert found.state == "reviewed", found.error_message
    found.overrides = [{"code": "x", "reason": MARKUP, "by": MARKUP, "at": ""}]
    found.gates = [{"code": "fewer_rows", "message": MARKUP, "overridable": True}]
    found.save()
    Selection.objects.filter(pk=world.selection_id).update(name=MARKUP, purpose=MARKUP)
    ListOrder.objects.filter(pk=world.order_id).update(reference=MARKUP[:60], purpose=MARKUP, area=MARKUP)
    Institution.objects.filter(pk=world.institution_id).update(name=MARKUP, address=MARKUP)
    with records():
        Citizen.objects.filter(pk=world.citizen_id).update(name=MARKUP, address=MARKUP, city=MARKUP[:80])
    with data_context(actor_with_role(Role.LIST_ADMIN, username="key")) as by:
        create_key(by=by, label=MARKUP[:60], days=30, now=NOW)
    held = CitizenImport.objects.create(
        municipality_id=ISHOEJ, imported_at=NOW, state="held", display_name=MARKUP, imported_by_name=MARKUP,
        gates=[{"code": "many_ended", "rows": 20, "message": MARKUP}],
    )  # fmt: skip
    browser.post("/borgere/indlaes/", {"file": list_file([f"{AASE};{MARKUP};"], "b.csv", f"cpr;navn;{MARKUP[:20]}")})
    read = citizen_jobs.run(citizen_jobs.waiting_import_ids()[0], now=NOW)
    pages = [
        *(f"/lister/{found.pk}/?gruppe={group}" for group in ("new", "unreadable", "needs_decision")),
        *(f"/borgere/indlaes/?kvittering={each}" for each in (held.pk, read.pk)),
        "/", "/lister/", "/lister/indlaes/", "/lister/udvalg/", "/lister/bestillinger/", "/adgang/api-noegler/",
        "/borgere/indlaes/", "/borgere/forskelle/", f"/lister/udvalg/{world.selection_id}/",
        f"/lister/bestillinger/{world.order_id}/", f"/borgere/{world.citizen_id}/ret/",
        f"/borgere/ny-sag/{world.citizen_id}/", f"/borger/{world.citizen_id}/",
        reverse("registry:reference_institutions"),
        reverse("registry:reference_institutions_row", args=[world.institution_id]),
    ]  # fmt: skip
    shown = {page: browser.get(page) for page in pages}
    shown["likeness"] = browser.post(
        "/borgere/ny/", {"name": MARKUP, "language": "da", "phone_kind": "mobile", "reason": MARKUP}
    )
    assert {page: answer.status_code for page, answer in shown.items() if answer.status_code not in (200, 422)} == {}
    texts = {page: answer.content.decode() for page, answer in shown.items()}
    assert {page: BROKEN.findall(text) for page, text in texts.items() if BROKEN.search(text)} == {}
    assert sum("&lt;script&gt;alert(1)" in text for text in texts.values()) >= 10
    NonresponderList.objects.filter(pk=found.pk).update(state="rejected")
    paper = browser.get(f"/lister/{found.pk}/kvittering.pdf")
    assert paper.content.startswith(b"%PDF")
    for ending in ("csv", "xlsx"):
        file = browser.get(f"/lister/{found.pk}/fejl.{ending}")
        assert re.fullmatch(r'attachment; filename="fejl-uge16-liste\d+\.' + ending + '"', file["Content-Disposition"])
