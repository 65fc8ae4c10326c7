"""Take a list in: what it states, the file in private storage, and nothing else yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import formats
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import (
    DEFAULT_SENDER,
    ListChannel,
    ListKind,
    ListOrder,
    ListState,
    ListStateChange,
    Municipality,
    NonresponderList,
    Programme,
    TargetGroup,
)
from ..column_mappings import sender_name
from ..received_files import ReceivedFile, remove, store
from ..scope import require_municipality

FOLDER = "lists"
LONGEST_WAIT = 366  # days
# States in which the same bytes may come again: nothing of them is in use.
ENDED = (ListState.FAILED, ListState.REJECTED, ListState.WITHDRAWN, ListState.UNDONE)
# Gates that no time or person lifts: such a list is never committed, so its bytes may come again, stated rightly.
HOPELESS = ("order_expired", "order_not_approved", "another_municipality", "another_programme")


class SameFileError(UserError):
    """The same bytes are in use already, as the list `earlier_id`."""

    def __init__(self, earlier_id: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.earlier_id = earlier_id


@transaction.atomic
def receive_list(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    as_of: date,
    waiting_days: int,
    groups: list[str],
    order: ListOrder | None,
    file: BinaryIO,
    display_name: str,
    now: datetime,
    invented: bool = False,
    sender: str = DEFAULT_SENDER,
    channel: ListChannel = ListChannel.BROWSER,
    source_key: str = "",
) -> NonresponderList:
    """Store the file and write down what the list states (L2); reading it is `registry.imports.lists.advance`'s.

    `as_of` is the day the data were pulled, `waiting_days` the days since invitation, `groups` the target groups
    covered (empty = those in the file), `order` None for the standing weekly list. `sender` is whose columns are
    remembered, `channel` how the file came, `source_key` which dropped file it was (taken once).
    Raises UserError: `as_of_future`, `waiting_days`, `unknown_group`, `order_other`, `sender_long`, `same_file`,
    `same_file_in_progress`, and those of `received_files.store`.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    _check_statement(programme, municipality, as_of, waiting_days, groups, order, now)
    named_sender = sender_name(sender)
    received = store(file, folder=FOLDER, display_name=display_name)
    try:
        _refuse_same_bytes(municipality, programme, received)
        created = NonresponderList.objects.create(
            municipality=municipality,
            programme=programme,
            kind=ListKind.STANDING if order is None else ListKind.ORDERED,
            order=order,
            as_of=as_of,
            waiting_days=waiting_days,
            groups_stated=groups,
            invented=invented,
            sender=named_sender,
            channel=channel,
            source_key=source_key,
            stored_name=received.stored_name,
            display_name=received.display_name,
            file_sha256=received.sha256,
            file_bytes=received.size,
            state_changed_at=now,
            uploaded_by_id=by.answerable_id,
            uploaded_by_name=by.name,
            uploaded_at=now,
        )
    except BaseException:
        remove(FOLDER, received.stored_name)
        raise
    _note_received(by, created, received, now)
    return created


def _note_received(by: Actor, created: NonresponderList, received: ReceivedFile, now: datetime) -> None:
    """The list's first state, and the access log's row."""
    ListStateChange.objects.create(nonresponder_list=created, state=ListState.UPLOADED, at=now, by_name=by.name)
    record(
        by=by,
        action=Action.ADD,
        subject_kind="nonresponderlist",
        subject_id=created.pk,
        municipality_id=created.municipality_id,
        purpose=_("Liste modtaget"),
        detail={"bytes": received.size, "kind": received.kind, "channel": created.channel},
        at=now,
    )


def _check_statement(
    programme: Programme,
    municipality: Municipality,
    as_of: date,
    waiting_days: int,
    groups: list[str],
    order: ListOrder | None,
    now: datetime,
) -> None:
    if as_of > localdate(now):
        raise UserError("as_of_future", _("Listens dato ligger i fremtiden. Ret datoen."))
    if not 0 <= waiting_days <= LONGEST_WAIT:
        raise UserError("waiting_days", _("Skriv ventetiden som et antal dage, for eksempel 22."))
    known = set(TargetGroup.objects.filter(programme=programme).values_list("code", flat=True))
    unknown = [code for code in groups if code not in known]
    if unknown:
        raise UserError(
            "unknown_group",
            _("Målgruppen %(groups)s findes ikke i programmet.") % {"groups": ", ".join(unknown)},
        )
    if order is not None and (order.municipality_id, order.programme_id) != (municipality.pk, programme.pk):
        raise UserError(
            "order_other",
            _("Bestillingen %(reference)s gælder en anden kommune eller et andet program.")
            % {"reference": order.reference},
        )


def _refuse_same_bytes(municipality: Municipality, programme: Programme, received: ReceivedFile) -> None:
    """IP01, IP05: the same bytes are in use at most once for a municipality and programme."""
    with connection.cursor() as cursor:
        # Two people who drop the same file within a second wait for each other here.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"receive-list {municipality.pk} {programme.pk} {received.sha256}"],
        )
    same = NonresponderList.objects.filter(
        municipality=municipality, programme=programme, file_sha256=received.sha256
    ).exclude(state__in=ENDED)
    earlier = next((each for each in same.order_by("id") if not _hopeless(each)), None)
    if earlier is None:
        return
    if earlier.state == ListState.COMMITTED and earlier.committed_at is not None:
        raise SameFileError(
            earlier.pk,
            "same_file",
            _("Filen er allerede indlæst den %(when)s af %(who)s. Der er ikke ændret noget.")
            % {"when": _moment(earlier.committed_at), "who": earlier.committed_by_name},
        )
    raise SameFileError(
        earlier.pk,
        "same_file_in_progress",
        _("Filen er den samme, som %(who)s indlæste den %(when)s, og den er i gang. Der er ikke ændret noget.")
        % {"when": _moment(earlier.uploaded_at), "who": earlier.uploaded_by_name},
    )


def _hopeless(earlier: NonresponderList) -> bool:
    return earlier.state == ListState.REVIEWED and any(gate["code"] in HOPELESS for gate in earlier.gates)


def _moment(moment: datetime) -> str:
    local = localtime(moment)
    return f"{formats.date_format(local, 'd.m.Y')} kl. {local:%H.%M}"
