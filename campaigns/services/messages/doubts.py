"""What a person does about a message nobody knows to have arrived (S5): send it once more, or call it sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.services.scope import require_municipality

from ...models import MessageStatus, SmsMessage, SmsPurpose
from ..message_making import NewMessage, queue_messages, require_number
from ..receipts import apply_status

# On the message that was sent once more: still uncertain, but somebody has seen to it.
SENT_AGAIN = "sent_again"


@transaction.atomic
def send_again(*, by: Actor, message: SmsMessage, now: datetime) -> SmsMessage:
    """Queue the text once more as a message of its own, linked to the uncertain one; a person takes the risk of two.

    Raises UserError `not_in_doubt` when it has been resolved or sent again meanwhile, and for a number that takes or
    wants none.
    """
    doubtful = _in_doubt(by, message)
    if doubtful.phone is None:
        raise UserError("phone_gone", _("Nummeret findes ikke længere hos borgeren. Ring, eller vælg et andet nummer."))
    require_number(doubtful.phone)
    again = NewMessage(
        citizen=doubtful.citizen,
        phone=doubtful.phone,
        body=doubtful.body,
        purpose=SmsPurpose(doubtful.purpose),
        step_key=f"again:{doubtful.pk}",
        not_before=now,
        language=doubtful.language,
        template=doubtful.template,
        expires_at=doubtful.expires_at,
        follow_up=doubtful.follow_up,
        again_of=doubtful,
    )
    made = queue_messages([again], now=now)
    if not made:
        raise _gone()
    doubtful.status_reason = SENT_AGAIN
    doubtful.save(update_fields=["status_reason"])
    _log(by, doubtful, _("Usikker sms sendt igen"), now)
    return SmsMessage.objects.get(pk=made[0])


@transaction.atomic
def mark_sent(*, by: Actor, message: SmsMessage, now: datetime) -> None:
    """Somebody knows that it arrived (the citizen said so, or the gateway's own page shows it): it counts as sent.

    Raises UserError `not_in_doubt`.
    """
    doubtful = _in_doubt(by, message)
    apply_status(by=by, message=doubtful, status="sent", error_code="", gateway_id="", at=now, now=now)
    _log(by, doubtful, _("Usikker sms sat som sendt"), now)


def _in_doubt(by: Actor, message: SmsMessage) -> SmsMessage:
    require_municipality(by, message.municipality_id)
    locked = SmsMessage.objects.select_for_update(of=("self",)).select_related("citizen", "phone").get(pk=message.pk)
    if locked.status != MessageStatus.IN_DOUBT or locked.status_reason == SENT_AGAIN:
        raise _gone()
    return locked


def _gone() -> UserError:
    return UserError("not_in_doubt", _("Beskeden er ikke længere usikker. Genindlæs siden, og se, hvor den er nu."))


def _log(by: Actor, message: SmsMessage, purpose: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=message.citizen_id,
        municipality_id=message.municipality_id,
        purpose=purpose,
        detail={"message": str(message.pk)},
        at=now,
    )
