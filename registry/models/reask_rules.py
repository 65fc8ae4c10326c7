"""When a citizen whose follow-up was closed is asked again: data, per reason and answer (L8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .follow_ups import ClosedReason, Outcome
from .geography import Municipality
from .programmes import Programme


class ReaskRule(models.Model):
    """What opens a closed follow-up anew. Empty programme or municipality = all; an empty outcome = any answer.

    The narrowest rule holds: a named answer before any answer, then the municipality's own, then the programme's.
    Without a rule nobody is asked again. "Do not contact" has none and can have none: no list overrules it.
    """

    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reask_rules",
        verbose_name=_("Program"),
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Kommune")
    )
    closed_reason = models.CharField(_("Afsluttet fordi"), max_length=20, choices=ClosedReason)
    outcome = models.CharField(_("Svar"), max_length=30, choices=Outcome, blank=True)
    when_listed = models.BooleanField(_("Spørg igen, så snart en liste nævner borgeren"), default=False)
    when_other_group = models.BooleanField(_("Spørg igen i en ny målgruppe"), default=False)
    when_new_programme = models.BooleanField(_("Spørg i et nyt program"), default=True)
    after_days = models.PositiveSmallIntegerField(
        _("Spørg igen efter dage"), null=True, blank=True, help_text=_("tom = aldrig på grund af tiden alene")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "municipality", "closed_reason", "outcome"],
                name="reask_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(closed_reason="do_not_contact"), name="reask_never_against_their_will"),
        ]
        ordering = ["closed_reason", "outcome", "programme", "municipality"]

    def __str__(self) -> str:
        return f"{self.closed_reason} {self.outcome}".strip()
