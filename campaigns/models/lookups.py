"""Looking up a number for a citizen who has none that works (C4): who is at it, where they looked, what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import Citizen, Municipality


class LookupResult(models.TextChoices):
    """What a look-up without a number ended in; a number that was found stands on the citizen with its source."""

    NOT_FOUND = "not_found", _("Der findes intet nummer")
    NOT_WANTED = "not_wanted", _("Borgeren vil ikke oplyse et nummer")


class LookupPlace(models.TextChoices):
    """Where somebody looked."""

    SYSTEMS = "systems", _("Kommunens systemer")
    DIRECTORY = "directory", _("Nummeroplysning")
    RELATIVES = "relatives", _("Pårørende eller værge")
    CARE = "care", _("Hjemmepleje eller bosted")


class LookupClaimQuerySet(models.QuerySet["LookupClaim"]):
    def visible_to(self, actor: Actor) -> LookupClaimQuerySet:
        """Those of the actor's municipality, for those who look up numbers."""
        if not actor.may(Permission.LOOK_UP_CONTACTS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class LookupClaim(models.Model):
    """Somebody is looking for this citizen's number; after `claimed_until` anybody may."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.OneToOneField(Citizen, on_delete=models.CASCADE, related_name="lookup_claim")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claimed_until = models.DateTimeField()

    objects = LookupClaimQuerySet.as_manager()

    def __str__(self) -> str:
        return f"look-up claim {self.pk}"
