"""The guardian must be told before a visit or a booking is completed (K8)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.models import Citizen, Relative, RelativeKind


def guardian_gate(citizen: Citizen) -> str | None:
    """Why nothing may be completed for the citizen yet, in a sentence; None when it may.

    Asked by whatever completes a booking or a visit, in the same transaction.
    """
    untold = Relative.objects.filter(citizen=citizen, kind=RelativeKind.GUARDIAN, informed_at=None)
    names = list(untold.order_by("id").values_list("name", flat=True))
    if not names:
        return None
    return _("Værgen er ikke orienteret: %(names)s. Ring til værgen, og registrér »Værge orienteret« først.") % {
        "names": ", ".join(names)
    }
