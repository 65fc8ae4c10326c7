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
    stop, _created = _stop(by, municipality.pk, index, source, now)
    owners = Phone.objects.filter(municipality=municipality, number_index=index)
    plan(by=by, now=now, citizen_ids=sorted(set(owners.values_list("citizen_id", flat=True))))
    return stop


def stop_all_numbers(*, by: Actor, citizen: Citizen, now: datetime) -> list[int]:
    """Stop SMS to every number of a citizen who wants no contact; return the keys of the new opt-outs."""
    stops = [
        _stop(by, citizen.municipality_id, bytes(phone.number_index), "caseworker", now)
        for phone in citizen.phones.order_by("id")
    ]
    return [stop.pk for stop, created in stops if created]


def _stop(by: Actor, municipality_id: int, index: bytes, source: str, now: datetime) -> tuple[OptOut, bool]:
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
