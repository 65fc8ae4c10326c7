"""Which column of a spreadsheet of earlier contacts is which: a person says so, and it is remembered (L1, L8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import ColumnMapping, MappingSource
from registry.services.column_mappings import remember, sender_key
from registry.services.scope import require_municipality

from ..models import EarlierContactRow, EarlierContacts, EarlierContactsChange, PaddedNumbers
from ..models import EarlierContactsState as State

# The reader's name for this kind of file, and what a mapping is remembered under.
CONTACTS_FILE = "contacts"
MAPPING = "mapping"
PERSON_TITLE = "CPR-nummer"


def ask_for_columns(file: EarlierContacts, *, mapping: Mapping[str, str], source: MappingSource) -> None:
    """The reader is not sure: the file waits for a person, with what is known filled in."""
    EarlierContacts.objects.filter(pk=file.pk, state=State.RECEIVED).update(
        header=file.header,
        column_kinds=file.column_kinds,
        dropped_columns=file.dropped_columns,
        mapping=dict(mapping),
        mapping_source=source,
        waits_for=MAPPING,
        leased_until=None,
        progress={},
    )


@transaction.atomic
def confirm_columns(*, by: Actor, file: EarlierContacts, mapping: Mapping[str, str], now: datetime) -> EarlierContacts:
    """Say which of the file's columns is which: our name → their header, "" = not in the file. It is read on then.

    Raises UserError `mapping_unknown` (a header the file has not), `mapping_twice`, `mapping_person`, `wrong_state`.
    """
    by.require(Permission.UPLOAD_LISTS)
    current = _locked(by, file)
    if current.state != State.RECEIVED or current.waits_for != MAPPING:
        raise UserError("wrong_state", _("Filen venter ikke på, at du vælger kolonner. Genindlæs siden."))
    chosen = {ours: theirs for ours, theirs in mapping.items() if theirs}
    unknown = [theirs for theirs in chosen.values() if theirs not in current.header]
    if unknown:
        raise UserError("mapping_unknown", _("Filen har ingen kolonne med navnet »%(name)s«.") % {"name": unknown[0]})
    if len(set(chosen.values())) < len(chosen):
        raise UserError("mapping_twice", _("Den samme kolonne er valgt til to felter. Vælg en til hver."))
    if not {"cpr", "phone"} & set(chosen):
        raise UserError("mapping_person", _("Vælg kolonnen med CPR-nummer eller den med telefon."))
    current.mapping, current.mapping_source, current.waits_for = dict(mapping), MappingSource.PERSON, ""
    current.state_changed_at, current.attempts = now, 0
    current.save()
    remember(
        by=by,
        municipality_id=current.municipality_id,
        sender=current.sender,
        specification=CONTACTS_FILE,
        header=current.header,
        mapping=dict(mapping),
        now=now,
    )
    _record(by, current, {"mapping": sorted(chosen)}, now)
    return current


@transaction.atomic
def reopen_columns(*, by: Actor, file: EarlierContacts, now: datetime) -> EarlierContacts:
    """Send a reviewed file back to its columns: what was read is dropped. Raises UserError `wrong_state`."""
    by.require(Permission.UPLOAD_LISTS)
    current = _locked(by, file)
    if current.state != State.REVIEWED or current.file_erased_at is not None or not current.stored_name:
        raise UserError("wrong_state", _("Filen er ikke til gennemsyn længere. Genindlæs siden."))
    EarlierContactRow.objects.filter(file=current).delete()
    current.state, current.state_changed_at, current.waits_for = State.RECEIVED, now, MAPPING
    current.rows, current.counts, current.attempts, current.progress = 0, {}, 0, {}
    current.gates = []
    current.padded, current.padded_by_name = "", ""
    current.save()
    note = _("Kolonnerne rettes.")
    EarlierContactsChange.objects.create(file=current, state=State.RECEIVED, at=now, by_name=by.name, note=note)
    _record(by, current, {"mapping": "reopened"}, now)
    return current


@transaction.atomic
def forget_columns(*, by: Actor, file: EarlierContacts, now: datetime) -> int:
    """Forget everything said of this sender's spreadsheets; a file that waits is proposed anew. How many went."""
    by.require(Permission.UPLOAD_LISTS)
    current = _locked(by, file)
    gone, _by_model = ColumnMapping.objects.filter(
        municipality_id=current.municipality_id,
        sender_key=sender_key(current.sender),
        specification=CONTACTS_FILE,
    ).delete()
    if current.state == State.RECEIVED and current.mapping_source == MappingSource.REMEMBERED:
        current.mapping, current.mapping_source = {}, MappingSource.PROPOSED
        current.save()
    _record(by, current, {"forgotten": gone}, now)
    return gone


def undecided_padding(file: EarlierContacts) -> int:
    """How many rows have a proposed number that nobody has said yes or no to (C2)."""
    if file.padded or file.state != State.REVIEWED:
        return 0
    return EarlierContactRow.objects.filter(file=file, problem_code="leading_zero").count()


def padding_choice(code: str) -> PaddedNumbers:
    """The choice behind a posted code. Raises UserError `unknown_choice`."""
    if code not in PaddedNumbers.values:
        raise UserError("unknown_choice", _("Vælg, om nullet skal sættes foran."))
    return PaddedNumbers(code)


def _locked(by: Actor, file: EarlierContacts) -> EarlierContacts:
    require_municipality(by, file.municipality_id)
    rows = EarlierContacts.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=file.pk)


def _record(by: Actor, file: EarlierContacts, detail: dict[str, object], now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="earliercontacts",
        subject_id=file.pk,
        municipality_id=file.municipality_id,
        purpose=_("Kolonner i regneark valgt"),
        detail=detail,
        at=now,
    )
