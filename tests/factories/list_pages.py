"""Lists as they come through the pages: a file in the browser, then the worker's step done on the spot."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from outreach.clock.services import set_demo_clock
from registry.imports.lists import advance
from registry.models import NonresponderList, Programme

NOW = datetime(2021, 4, 20, 7, 14, tzinfo=UTC)  # Tuesday of week 16, 9.14 in Denmark
HEADER = "CPR-nummer;Navn;Målgruppe;Inviteret"
# Day+60 numbers, which the CPR register never issues.
AASE, BENT, CARLA, DORTE = "7110390002", "7201380003", "6301450005", "8102400006"
ROWS = [
    f"{AASE};Aase Birthe Mikkelsen;7;22-03-2021",
    f"{BENT};Bent Holm;3;22-03-2021",
    f"{CARLA};Carla Yilmaz;7;22-03-2021",
]


def list_file(rows: list[str], name: str = "SSI_uge16.csv", header: str = HEADER) -> SimpleUploadedFile:
    """A list as SSI would send it, as CSV."""
    return SimpleUploadedFile(name, "\r\n".join([header, *rows]).encode())


def upload(client: Client, rows: list[str], **changes: object) -> HttpResponse:
    """Post the upload form at NOW; the file and any field may be replaced."""
    set_demo_clock(NOW)
    fields: dict[str, object] = {
        "file": list_file(rows),
        "programme": Programme.objects.get(code="covid-19").pk,
        "as_of": "20.04.2021",
        "waiting_days": "22",
        "groups": "1-7",
        "kind": "standing",
        "order": "",
    }
    return client.post("/lister/indlaes/", fields | changes)  # type: ignore[return-value]


def reviewed(client: Client, rows: list[str], **changes: object) -> NonresponderList:
    """A list that has been uploaded and read."""
    response = upload(client, rows, **changes)
    assert response.status_code == 302, response.content.decode()[:4000]
    return advance(NonresponderList.objects.latest("id").pk, now=NOW)


def committed(client: Client, rows: list[str], **changes: object) -> NonresponderList:
    """A list in use."""
    found = reviewed(client, rows, **changes)
    client.post(f"/lister/{found.pk}/godkend/")
    found.refresh_from_db()
    assert found.state == "committed", found.gates
    return found
