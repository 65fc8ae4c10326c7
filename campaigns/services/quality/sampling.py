"""Pick the outcomes a team lead looks at, some minutes after they were recorded (K13).

A sweep of its own, so that recording an answer stays as quick as it is, and nothing there can leave one out.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality
from registry.services.scope import require_municipality

from ...models import ContactAttempt, ContactKind, QualityCheck, QualitySettings
from ...quality_rules import PERCENT, SampleRule, picked_because

# Until then an answer can be undone.
SETTLED_AFTER = timedelta(seconds=30)
# A sweep that was missed is made up for within this time.
LOOKS_BACK = timedelta(days=3)
# Outcomes that callers record: of calls both ways, and of what somebody wrote. A fagsamtale is the adviser's alone.
CALLS = (ContactKind.CALL, ContactKind.CALL_IN, ContactKind.REPLY)
MOST_FIRST = 500


def sample_rule(municipality_id: int) -> SampleRule:
    """The municipality's own rule, or the common one."""
    chosen = QualitySettings.objects.filter(pk=municipality_id).first() or QualitySettings()
    return SampleRule(chosen.first_outcomes, chosen.percent)


@transaction.atomic
def pick_samples(*, by: Actor, municipality: Municipality, now: datetime) -> int:
    """Put the outcomes of the last days that belong to the sample there; returns how many are new.

    Doing it twice changes nothing. Imported answers, and those without a person behind them, are nobody's calls.
    """
    require_municipality(by, municipality.pk)
    rule = sample_rule(municipality.pk)
    calls = ContactAttempt.objects.filter(
        municipality=municipality, kind__in=CALLS, undone_at=None, by_user_id__isnull=False
    )
    since = now - LOOKS_BACK
    recent = list(
        calls.filter(at__gte=since, at__lte=now - SETTLED_AFTER)
        .order_by("at", "id")
        .values("id", "by_user_id", "by_name", "quality_check")
    )
    earlier = calls.filter(at__lt=since, by_user_id__in={row["by_user_id"] for row in recent})
    made = Counter(
        {row["by_user_id"]: row["calls"] for row in earlier.values("by_user_id").annotate(calls=Count("id"))}
    )
    checks: list[QualityCheck] = []
    for row in recent:
        because = picked_because(row["id"], made[row["by_user_id"]], rule, key=settings.SECRET_KEY)
        made[row["by_user_id"]] += 1
        if because is not None and row["quality_check"] is None:
            checks.append(
                QualityCheck(
                    municipality=municipality,
                    attempt_id=row["id"],
                    caller_id=row["by_user_id"],
                    caller_name=row["by_name"],
                    picked_at=now,
                    because=because,
                )
            )
    # Two sweeps at once pick the same ones: the second's are left out.
    QualityCheck.objects.bulk_create(checks, ignore_conflicts=True)
    return len(checks)


@transaction.atomic
def save_settings(
    *, by: Actor, municipality: Municipality, first_outcomes: int, percent: int, now: datetime
) -> QualitySettings:
    """How large the sample is from now on. Raises UserError `sample_size`."""
    by.require(Permission.CHECK_QUALITY)
    require_municipality(by, municipality.pk)
    if not (0 <= first_outcomes <= MOST_FIRST and 0 <= percent <= PERCENT):
        raise UserError(
            "sample_size", _("Skriv højst %(most)s første svar, og en andel mellem 0 og 100.") % {"most": MOST_FIRST}
        )
    written, _new = QualitySettings.objects.update_or_create(
        pk=municipality.pk,
        defaults={
            "first_outcomes": first_outcomes,
            "percent": percent,
            "changed_at": now,
            "changed_by_name": by.name,
        },
    )
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="qualitysettings",
        subject_id=municipality.pk,
        municipality_id=municipality.pk,
        detail={"first_outcomes": first_outcomes, "percent": percent},
        at=now,
    )
    return written
