"""Which column of a list is which: a person says so, and may take it back as long as the list is not in use (L1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import ListRow, ListState, MappingSource, NonresponderList
from ..column_mappings import LIST, remember
from ..list_states import move
from ..scope import require_municipality

MAPPING = "mapping"


@transaction.atomic
def confirm_mapping(
    *, by: Actor, nonresponder_list: NonresponderList, mapping: dict[str, str], now: datetime
) -> NonresponderList:
    """Say which of the file's columns is which: our name → their header, "" = not in the file.

    The list is read on after this, and the sender's next file with this header without asking (L1).
    Raises UserError `mapping_unknown` (a header the file has not), `mapping_twice`, `wrong_state`.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    chosen = {ours: theirs for ours, theirs in mapping.items() if theirs}
    unknown = [theirs for theirs in chosen.values() if theirs not in nonresponder_list.header]
    if unknown:
        raise UserError("mapping_unknown", _("Filen har ingen kolonne med navnet »%(name)s«.") % {"name": unknown[0]})
    if len(set(chosen.values())) < len(chosen):
        raise UserError("mapping_twice", _("Den samme kolonne er valgt til to felter. Vælg en til hver."))
    waiting = NonresponderList.objects.filter(pk=nonresponder_list.pk, state=ListState.UPLOADED, waits_for=MAPPING)
    if not waiting.update(mapping=mapping, mapping_source=MappingSource.PERSON, waits_for="", touched_at=now):
        raise UserError("wrong_state", _("Listen venter ikke på, at du vælger kolonner. Genindlæs siden."))
    nonresponder_list.refresh_from_db()
    remember(
        by=by,
        municipality_id=nonresponder_list.municipality_id,
        sender=nonresponder_list.sender,
        specification=LIST,
        header=nonresponder_list.header,
        mapping=mapping,
        now=now,
    )
    _record(by, nonresponder_list, {"mapping": sorted(chosen)}, now)
    return nonresponder_list


@transaction.atomic
def reopen_mapping(*, by: Actor, nonresponder_list: NonresponderList, now: datetime) -> NonresponderList:
    """Send a reviewed list back to its columns: what was read is dropped, and it waits for a person (L1).

    Raises UserError `wrong_state`, `file_erased`.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    current = NonresponderList.objects.select_for_update(of=("self",)).get(pk=nonresponder_list.pk)
    if current.state != ListState.REVIEWED:
        raise UserError("wrong_state", _("Listen er ikke til gennemsyn længere. Genindlæs siden."))
    if current.file_erased_at is not None:
        raise UserError("file_erased", _("Filen er slettet. Hent listen igen hos afsenderen, og indlæs den."))
    ListRow.objects.filter(nonresponder_list=current).delete()
    fresh: dict[str, Any] = {"counts": {}, "gates": [], "overrides": [], "warnings": [], "attempts": 0, "rows": 0}
    note = _("Kolonnerne rettes.")
    move(current, ListState.UPLOADED, by_name=by.name, now=now, note=note, waits_for=MAPPING, touched_at=now, **fresh)
    _record(by, current, {"mapping": "reopened"}, now)
    return current


def _record(by: Actor, nonresponder_list: NonresponderList, detail: dict[str, object], now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=nonresponder_list.pk,
        municipality_id=nonresponder_list.municipality_id,
        purpose=_("Gennemsyn af liste"),
        detail=detail,
        at=now,
    )
