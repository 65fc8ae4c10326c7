"""Take in a national file, confirm one that is held, or take it back. Splitting it is `imports.national_split`'s.

Only the operator handles one (a system job): nobody in a municipality may hold another municipality's rows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import formats
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import NationalFile, NationalFileState, NonresponderList, Programme
from .lists.receiving import ENDED
from .received_files import ReceivedFile, remove, store

FOLDER = "national"


@transaction.atomic
def receive_national_file(
    *,
    by: Actor,
    programme: Programme,
    as_of: date,
    waiting_days: int,
    groups: list[str],
    file: BinaryIO,
    display_name: str,
    now: datetime,
    sender: str = "",
) -> NationalFile:
    """Store the file and what it states (L2, L8b).

    Raises PermissionDenied for anybody but a system job; UserError `as_of_future`, `same_file` (every list made of the
    same bytes is still in use), and those of `received_files.store`.
    """
    _require_operator(by)
    if as_of > localdate(now):
        raise UserError("as_of_future", _("Listens dato ligger i fremtiden. Ret datoen."))
    received = store(file, folder=FOLDER, display_name=display_name)
    try:
        _refuse_same_bytes(programme, received)
        created = NationalFile.objects.create(
            programme=programme,
            as_of=as_of,
            waiting_days=waiting_days,
            groups_stated=groups,
            sender=sender,
            stored_name=received.stored_name,
            display_name=received.display_name,
            file_sha256=received.sha256,
            file_bytes=received.size,
            received_by_name=by.name,
            received_at=now,
        )
    except BaseException:
        remove(FOLDER, received.stored_name)
        raise
    _record(by, created, Action.ADD, now)
    return created


@transaction.atomic
def confirm_national_file(*, by: Actor, national_file: NationalFile, because: str, now: datetime) -> NationalFile:
    """Let a held file be split; `because` says why it is right all the same.

    Raises UserError `wrong_state`, `reason`.
    """
    _require_operator(by)
    if not because.strip():
        raise UserError("reason", _("Skriv, hvorfor filen er rigtig alligevel."))
    held = NationalFile.objects.filter(pk=national_file.pk, state=NationalFileState.HELD)
    if not held.update(state=NationalFileState.RECEIVED, confirmed_because=because.strip()[:300], attempts=0):
        raise UserError("wrong_state", _("Filen holdes ikke tilbage."))
    national_file.refresh_from_db()
    _record(by, national_file, Action.CHANGE, now)
    return national_file


@transaction.atomic
def withdraw_national_file(*, by: Actor, national_file: NationalFile, now: datetime) -> NationalFile:
    """Take back a file that is not split; the raw file is erased at once. Raises UserError `wrong_state`."""
    _require_operator(by)
    open_states = (NationalFileState.RECEIVED, NationalFileState.HELD, NationalFileState.FAILED)
    waiting = NationalFile.objects.filter(pk=national_file.pk, state__in=open_states)
    if not waiting.update(state=NationalFileState.WITHDRAWN, file_erased_at=now):
        raise UserError("wrong_state", _("Filen er delt ud til kommunerne. Fortryd listerne hver for sig."))
    transaction.on_commit(lambda: remove(FOLDER, national_file.stored_name))
    national_file.refresh_from_db()
    _record(by, national_file, Action.CHANGE, now)
    return national_file


def _require_operator(by: Actor) -> None:
    if not by.is_system:
        raise PermissionDenied("national_file")


def _refuse_same_bytes(programme: Programme, received: ReceivedFile) -> None:
    """IP01 for the whole file: again only when one of its lists was ended, so that there is something to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"receive-national {programme.pk} {received.sha256}"],
        )
    ended = (NationalFileState.FAILED, NationalFileState.WITHDRAWN)
    same = NationalFile.objects.filter(programme=programme, file_sha256=received.sha256).exclude(state__in=ended)
    earlier = same.order_by("-id").first()
    if earlier is None:
        return
    if (
        earlier.state == NationalFileState.SPLIT
        and NonresponderList.objects.filter(national_file=earlier, state__in=ENDED).exists()
    ):
        return
    local = localtime(earlier.received_at)
    when = f"{formats.date_format(local, 'd.m.Y')} kl. {local:%H.%M}"
    raise UserError(
        "same_file", _("Filen er allerede modtaget den %(when)s. Der er ikke ændret noget.") % {"when": when}
    )


def _record(by: Actor, national_file: NationalFile, action: Action, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="nationalfile",
        subject_id=national_file.pk,
        purpose=_("Landsdækkende liste"),
        detail={"state": national_file.state},
        at=now,
    )
