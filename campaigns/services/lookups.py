"""Citizens without a number (C4, step 2 of [004]): found, or looked for in vain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.formats import date_da
from outreach.errors import UserError
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, FollowUp, Phone, PhoneKind, PhoneSource
from registry.services.phones import add_phone
from registry.services.scope import require_municipality

from ..models import ContactAttempt, ContactKind, LookupClaim, LookupPlace, LookupResult
from .lookup_claims import refuse_claimed_by_another
from .planning import plan


@transaction.atomic
def number_found(
    *,
    by: Actor,
    citizen: Citizen,
    number: str,
    kind: PhoneKind,
    now: datetime,
    source: PhoneSource = PhoneSource.LOOKED_UP,
) -> Phone:
    """Store the number somebody found, with who and when, and plan the citizen on.

    For a child it must be the custody holder's, so its source is kept as a relative's (K8). A number that turned out
    wrong stays wrong unless the citizen gives it themselves (C4): a directory that was wrong once still is.
    Raises UserError `phone_invalid`, `phone_known_wrong`.
    """
    require_municipality(by, citizen.municipality_id)
    if source != PhoneSource.CITIZEN:
        refuse_claimed_by_another(by=by, citizen=citizen, now=now)
        _refuse_known_wrong(citizen, number)
    age = citizen.age(now.date())
    if age is not None and age < 18:
        source = PhoneSource.RELATIVE
    phone = add_phone(by=by, citizen=citizen, number=number, kind=kind, source=source, now=now)
    LookupClaim.objects.filter(citizen=citizen).delete()
    plan(by=by, now=now, citizen_ids=[citizen.pk])
    return phone


def _refuse_known_wrong(citizen: Citizen, number: str) -> None:
    canonical = normalise(number)
    if canonical is None:
        return  # add_phone says what is wrong with it
    known = Phone.objects.filter(citizen=citizen, number_index=blind_index("phone", canonical))
    wrong = known.exclude(wrong_since=None).first()
    if wrong is not None and wrong.wrong_since is not None:
        raise UserError(
            "phone_known_wrong",
            _(
                "Nummeret er markeret som forkert den %(day)s. Find et andet, eller skriv på borgerens side under "
                "»Ret navn, adresse, numre og pårørende«, at det virker alligevel."
            )
            % {"day": date_da(localdate(wrong.wrong_since))},
        )


@transaction.atomic
def nothing_found(
    *,
    by: Actor,
    citizen: Citizen,
    now: datetime,
    places: Sequence[str],
    result: LookupResult = LookupResult.NOT_FOUND,
    note: str = "",
) -> ContactAttempt:
    """Document that there is no number, how it ended and where somebody looked; the next step becomes a letter.

    Looked for again after `next_steps.LOOKUP_RESTS`, unless the citizen will not give a number. Raises UserError
    `lookup_places` (nobody looked anywhere), `lookup_gone` (no follow-up is open any more), `lookup_claimed`.
    """
    require_municipality(by, citizen.municipality_id)
    refuse_claimed_by_another(by=by, citizen=citizen, now=now)
    known = [each for each in LookupPlace.values if each in places]
    if not known and result == LookupResult.NOT_FOUND:
        raise UserError("lookup_places", _("Sæt flueben ved, hvor du har ledt."))
    follow_up = FollowUp.objects.open().filter(citizen=citizen).order_by("id").first()
    if follow_up is None:
        raise UserError("lookup_gone", _("Borgeren har ingen åben opfølgning mere. Der er ikke gemt noget."))
    attempt = ContactAttempt.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        kind=ContactKind.LOOKUP,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
        note=note,
        lookup_result=result,
        lookup_places=known,
        nonresponder_list_id=follow_up.last_list_id,
    )
    LookupClaim.objects.filter(citizen=citizen).delete()
    record(
        by=by,
        action=Action.ADD,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=_("Intet telefonnummer fundet"),
        detail={"attempt": attempt.pk},
        at=now,
    )
    plan(by=by, now=now, citizen_ids=[citizen.pk])
    return attempt
