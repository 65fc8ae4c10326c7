"""Remember, per municipality and sender, which column of a file is which, and forget it again (L1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..headers import fingerprint
from ..models import DEFAULT_SENDER, ColumnMapping, ListState, MappingSource, NonresponderList
from .scope import require_municipality

SENDER_LENGTH = 60
LIST = "list"


def sender_name(text: str) -> str:
    """The sender as it is shown: spaces drawn together, SSI when nothing is said. Raises UserError `sender_long`."""
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()) or DEFAULT_SENDER
    if len(name) > SENDER_LENGTH:
        raise UserError("sender_long", _("Afsenderens navn er for langt. Det kan højst fylde 60 tegn."))
    return name


def sender_key(sender: str) -> str:
    """What tells senders apart: "Region H" and "region h" are one."""
    return "".join(sender.split()).casefold()[:SENDER_LENGTH]


def remember(
    *,
    by: Actor,
    municipality_id: int,
    sender: str,
    specification: str,
    header: Sequence[str],
    mapping: dict[str, str],
    now: datetime,
) -> ColumnMapping:
    """Keep what a person said of this header; said again, the newest word counts."""
    return ColumnMapping.objects.update_or_create(
        municipality_id=municipality_id,
        sender_key=sender_key(sender),
        specification=specification,
        fingerprint=fingerprint(header),
        defaults={
            "sender": sender,
            "header": list(header),
            "mapping": mapping,
            "confirmed_by_name": by.name,
            "confirmed_at": now,
        },
    )[0]


@transaction.atomic
def forget(*, by: Actor, nonresponder_list: NonresponderList, now: datetime) -> int:
    """Forget everything said of this sender's lists; the list itself stays as it was read. Returns how many went."""
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    gone, _by_model = ColumnMapping.objects.filter(
        municipality_id=nonresponder_list.municipality_id,
        sender_key=sender_key(nonresponder_list.sender),
        specification=LIST,
    ).delete()
    # A list that waits with the remembered columns filled in is proposed anew.
    NonresponderList.objects.filter(
        pk=nonresponder_list.pk, state=ListState.UPLOADED, mapping_source=MappingSource.REMEMBERED
    ).update(mapping={}, mapping_source=MappingSource.PROPOSED)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=nonresponder_list.pk,
        municipality_id=nonresponder_list.municipality_id,
        purpose=_("Kolonner glemt"),
        detail={"forgotten": gone},
        at=now,
    )
    return gone


def remembered(municipality_id: int, sender: str, specification: str) -> list[ColumnMapping]:
    """What is known of this sender's files, the newest word first."""
    known = ColumnMapping.objects.filter(
        municipality_id=municipality_id, sender_key=sender_key(sender), specification=specification
    )
    return list(known.order_by("-confirmed_at", "-id"))
