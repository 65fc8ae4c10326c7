"""The demo's letters and texts: one batch sent the day before, a draft that waits for a colleague, and a price."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from campaigns.imports import letter_jobs
from campaigns.models import ContactPoint
from campaigns.selectors.letters import letters_due
from campaigns.selectors.texts import find_definition
from campaigns.services.letters import letters_to_take_out, make_batch, mark_sent
from campaigns.services.letters.senders import set_sender
from campaigns.services.texts import set_price, write_draft
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from outreach.command import parse_moment

SENT = "2021-04-19T13:30"
PRICE_FROM, ORE_PER_SEGMENT = date(2021, 1, 1), Decimal("29.5")
# The town hall's street address and CVR number, written from memory and not checked against a register: an installation
# sets its own under »Afsender på breve«. The telephone is invented by the cast.
SENDER = {
    "unit": "Vaccinationsopfølgning", "address": "Ishøj Store Torv 20", "postal_code": "2635", "city": "Ishøj",
    "cvr": "11931316",
}  # fmt: skip
DRAFT = (
    "Hej {fornavn}. {kommune} vil gerne tale med dig. Ring på {telefon} hverdage kl. 9-15, eller svar RING, så ringer "
    "vi til dig. Svar AFMELD, hvis du ikke vil have sms'er fra os."
)


def send_letters(code: int) -> None:
    """A team lead sends a batch on the day before the last list; a list administrator edits a text and sets a price."""
    now = parse_moment(SENT)
    phone = ContactPoint.objects.get(municipality=code).phone
    lead, admin = (actor_by_username(name, municipality_code=code) for name in ("teamleder", "listeadmin"))
    with data_context(lead):
        set_sender(by=lead, municipality_id=code, phone=phone, now=now, **SENDER)
        reasons = sorted({each.reason for each in letters_due(lead, now) if each.left_out is None})
        batch = make_batch(by=lead, reasons=reasons, now=now) if reasons else None
    if batch is not None:
        batch = letter_jobs.advance(batch.pk, now=now)
        with data_context(lead):
            seen = [each.letter.pk for each in letters_to_take_out(batch, now)]
            mark_sent(by=lead, batch=batch, seen=seen, now=now)
    with data_context(admin):
        set_price(
            by=admin, municipality_id=code, gateway=settings.SMS_GATEWAY, ore=ORE_PER_SEGMENT,
            valid_from=PRICE_FROM, now=now,
        )  # fmt: skip
        text = find_definition("sms", "please_call")
        if text is not None:
            content = {"body": DRAFT, "content_class": "neutral"}
            write_draft(by=admin, text=text, language="da", content=content, now=now, note="Kortere begyndelse")
