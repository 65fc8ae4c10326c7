"""A municipality's own rules for waves: does a second person approve, and how many are reckoned to come.

Four eyes are taken away by four eyes: one asks, another agrees (decision 0014). Anybody who may puts them back at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality
from registry.services.scope import require_municipality

from ...models import WaveSettings


def wave_settings(municipality_id: int) -> WaveSettings:
    """The municipality's own rules, else the common ones (not saved)."""
    found = WaveSettings.objects.filter(municipality=municipality_id).first()
    return found or WaveSettings(municipality_id=municipality_id)


@transaction.atomic
def set_wave_settings(
    *, by: Actor, municipality_id: int, second_person: bool, expected_percent: int, now: datetime
) -> WaveSettings:
    """Write the rules down. To do without the second person is only asked for by this, and holds once another agrees.

    Raises UserError `wave_settings` for a share that is none, `wave_off_nobody` when nobody answers for the wish.
    """
    if not 1 <= expected_percent <= 100:
        raise UserError("wave_settings", _("Skriv en andel mellem 1 og 100 procent."))
    rules = _locked(by, municipality_id)
    rules.expected_percent = expected_percent
    if second_person:
        rules.second_person = True
        _forget_wish(rules)
    elif rules.second_person and rules.off_asked_at is None:
        if by.answerable_id is None:
            raise UserError("wave_off_nobody", _("Kun en medarbejder kan bede om at undvære den anden godkender."))
        rules.off_asked_by_id, rules.off_asked_by_name, rules.off_asked_at = by.answerable_id, by.name, now
    rules.save()
    _log(by, rules, _("Regler for sms-udsendelser ændret"), now)
    return rules


@transaction.atomic
def decide_four_eyes_off(*, by: Actor, municipality_id: int, agree: bool, now: datetime) -> WaveSettings:
    """Agree that waves go out without a second person, or say no; the one who asked may only take it back.

    Raises UserError `wave_off_gone` when nobody asks any more, `wave_off_own` for one's own wish.
    """
    rules = _locked(by, municipality_id)
    if rules.off_asked_at is None:
        raise UserError("wave_off_gone", _("Der er ikke længere noget at tage stilling til. Se, hvad der gælder nu."))
    if agree and by.answerable_id in (None, rules.off_asked_by_id):
        raise UserError("wave_off_own", _("Du har selv bedt om det. En anden skal sige ja."))
    if agree:
        rules.second_person = False
    _forget_wish(rules)
    rules.save()
    _log(by, rules, _("Godkendelse af en anden slået fra") if agree else _("Godkendelse af en anden beholdt"), now)
    return rules


def _locked(by: Actor, municipality_id: int) -> WaveSettings:
    by.require(Permission.MANAGE_POLICIES)
    require_municipality(by, municipality_id)
    # The first rules of a municipality are made once, also when two people make them at the same moment.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality_id)
    return wave_settings(municipality_id)


def _forget_wish(rules: WaveSettings) -> None:
    rules.off_asked_by_id, rules.off_asked_by_name, rules.off_asked_at = None, "", None


def _log(by: Actor, rules: WaveSettings, purpose: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="sms_wave",
        municipality_id=rules.municipality_id,
        purpose=purpose,
        detail={
            "second_person": rules.second_person,
            "off_asked": rules.off_asked_at is not None,
            "expected_percent": rules.expected_percent,
        },
        at=now,
    )
