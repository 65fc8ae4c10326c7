"""What a file gets on the whole way in: refused at the door, failed in the child, or reviewed rows."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.conf import settings

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.errors import UserError
from registry.models import ListRow, ListState, NonresponderList

from .registry import csv_file, reviewed_list, row


def refusal(by: Actor, content: bytes | io.BytesIO, name: str) -> tuple[str, str]:
    """The code and the sentence a file is refused with; nothing of it is written, and the next file is read."""
    file = content if isinstance(content, io.BytesIO) else io.BytesIO(content)
    before = NonresponderList.objects.count()
    stored = Path(settings.UPLOAD_ROOT, "lists")
    kept = set(stored.iterdir()) if stored.exists() else set()
    try:
        failed = reviewed_list(by, file, display_name=name)
    except UserError as error:
        assert NonresponderList.objects.count() == before
        assert set(stored.iterdir()) == kept
        code, sentence = error.code, error.message
    else:
        assert failed.state == ListState.FAILED, (failed.state, failed.counts, failed.waits_for)
        code, sentence = failed.error_code, failed.error_message
    with data_context(by):
        assert not ListRow.objects.exists()
    assert code != "fault"
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert "\ufffd" not in sentence
    _next_file_is_read(by, before)
    return code, sentence


def _next_file_is_read(by: Actor, distinct: int) -> None:
    after = reviewed_list(by, csv_file([row(9000 + distinct)]))
    assert after.state == ListState.REVIEWED
    with data_context(by):
        ListRow.objects.filter(nonresponder_list=after).delete()
    NonresponderList.objects.filter(pk=after.pk).update(state=ListState.WITHDRAWN)


def rows_of(by: Actor, file: io.BytesIO, name: str = "", **statement: Any) -> list[ListRow]:
    """The reviewed list's rows in their order."""
    reviewed = reviewed_list(by, file, display_name=name, **statement)
    assert reviewed.state == ListState.REVIEWED, (reviewed.error_code, reviewed.error_message, reviewed.waits_for)
    with data_context(by):
        return list(ListRow.objects.filter(nonresponder_list=reviewed).order_by("row_number"))


def problems(rows: list[ListRow]) -> list[tuple[int, str]]:
    """Row number and problem of each; "" where there is none."""
    return [(each.row_number, each.problem_code) for each in rows]
