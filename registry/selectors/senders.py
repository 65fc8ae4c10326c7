"""Who sends lists to a municipality: suggestions for the upload form."""

from __future__ import annotations

from django.utils.translation import gettext as _

from outreach.access.actor import Actor

from ..models import DEFAULT_SENDER, MunicipalityRegion, NonresponderList

SUGGESTED = 12


def senders_of(actor: Actor) -> list[str]:
    """SSI, the region, the municipality's own system, and whoever sent a list before; each once, SSI first."""
    regions = MunicipalityRegion.objects.filter(municipality_id__in=actor.municipality_codes, valid_to=None)
    earlier = NonresponderList.objects.visible_to(actor).order_by("sender").values_list("sender", flat=True)
    names = [
        DEFAULT_SENDER,
        *regions.order_by("region__name").values_list("region__name", flat=True),
        _("Kommunens eget system"),
        *earlier.distinct()[:SUGGESTED],
    ]
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
