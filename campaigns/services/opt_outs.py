"""Numbers that want no messages (S7): stopped at once, for everybody who has the number."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, Municipality, Phone
from registry.services.scope import require_municipality

from ..models import OptOut, SmsMessage
from .message_cancelling import cancel_messages
from .planning import plan


@transaction.atomic
def opt_out(*, by: Actor, municipality: Municipality, number: str, source: str, now: datetime) -> OptOut:
    """Stop all SMS to a number: queued ones are cancelled, and the plan goes on by phone. Again: no effect.

    `source` is `reply` or `caseworker`. Raises UserError `phone_invalid`.
    """
    require_municipality(by, municipality)
    canonical = normalise(number)
    if canonical is None:
        raise UserError("phone_invalid", _("Det er ikke et gyldigt telefonnummer. Skriv otte cifre."))
    index = blind_index("phone", canonical)
    stop, _created = stop_number(by=by, municipality_id=municipality.pk, index=index, source=source, now=now)
    owners = Phone.objects.filter(municipality=municipality, number_index=index)
    plan(by=by, now=now, citizen_ids=sorted(set(owners.values_list("citizen_id", flat=True))))
    return stop


@transaction.atomic
def opt_in(*, by: Actor, municipality_id: int, index: bytes, now: datetime, own_stop_only: bool = False) -> bool:
    """Let the number behind a blind index have SMS again; False when it was not stopped, or not startable this way.

    With `own_stop_only` (a START that nobody has read) only what a reply has stopped: where a caseworker wrote down
    that somebody wants none, a caseworker decides.
    """
    require_municipality(by, municipality_id)
    stop = OptOut.objects.select_for_update().filter(municipality=municipality_id, number_index=index).first()
    owners = Phone.objects.filter(municipality=municipality_id, number_index=index)
    if stop is None:
        return False
    if own_stop_only and (stop.source != "reply" or owners.exclude(citizen__do_not_contact_since=None).exists()):
        return False
    record(
        by=by,
        action=Action.DELETE,
        subject_kind="optout",
        subject_id=stop.pk,
        municipality_id=municipality_id,
        purpose=_("Tilmeldt sms igen"),
        at=now,
    )
    stop.delete()
    plan(by=by, now=now, citizen_ids=sorted(set(owners.values_list("citizen_id", flat=True))))
    return True


def stop_all_numbers(*, by: Actor, citizen: Citizen, now: datetime) -> list[int]:
    """Stop SMS to every number of a citizen who wants no contact; return the keys of the new opt-outs."""
    stops = [
        stop_number(
            by=by,
            municipality_id=citizen.municipality_id,
            index=bytes(phone.number_index),
            source="caseworker",
            now=now,
        )
        for phone in citizen.phones.order_by("id")
    ]
    return [stop.pk for stop, created in stops if created]


def stop_number(*, by: Actor, municipality_id: int, index: bytes, source: str, now: datetime) -> tuple[OptOut, bool]:
    """Stop all SMS to the number behind a blind index; say whether that is new. Planning on is the caller's."""
    stop, created = OptOut.objects.update_or_create(
        municipality_id=municipality_id,
        number_index=index,
        # Told here too: undoing the spreadsheet that knew it first does not take it back (L8).
        defaults={"earlier_contacts": None},
        create_defaults={"since": now, "source": source, "by_name": by.name},
    )
    queued = SmsMessage.objects.filter(municipality=municipality_id, number_index=index)
    cancel_messages(queued, reason="opted_out", now=now)
    if created:
        record(
            by=by,
            action=Action.ADD,
            subject_kind="optout",
            subject_id=stop.pk,
            municipality_id=municipality_id,
            purpose=_("Frameldt sms"),
            at=now,
        )
    return stop, created
