"""What a browser posts when somebody hands in a file."""

from __future__ import annotations

from io import BytesIO

from registry.models import ListKind, Programme
from tests.factories.registry import FIRST_WEEK


def list_form(file: BytesIO) -> dict[str, object]:
    """The weekly list of the first week, as the form of lists takes it."""
    return {
        "programme": Programme.objects.get(code="covid-19").pk,
        "kind": ListKind.STANDING.value,
        "as_of": f"{FIRST_WEEK:%d.%m.%Y}",
        "waiting_days": "22",
        "file": named(file, "liste.csv"),
    }


def named(file: BytesIO, name: str) -> BytesIO:
    """The file under a name, as a browser sends it."""
    file.name = name
    return file
