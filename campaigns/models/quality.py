"""The sample of outcomes that a team lead looks at: all of a new caller's first ones, some of the others' (K13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Municipality

from .calls import ContactAttempt


class QualitySettings(models.Model):
    """How large a municipality's sample is; without a row the defaults hold."""

    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+")
    first_outcomes = models.PositiveSmallIntegerField(default=20, help_text="all of a new caller's are looked at")
    percent = models.PositiveSmallIntegerField(default=5, help_text="of the later ones")
    changed_at = models.DateTimeField(null=True)
    changed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="quality_percent")]


class PickedBecause(models.TextChoices):
    NEW_CALLER = "new_caller", _("Ny i køen")
    SAMPLE = "sample", _("Stikprøve")


class QualityVerdict(models.TextChoices):
    FINE = "fine", _("I orden")
    TO_CORRECT = "to_correct", _("Rettes")
    FOLLOW_UP = "follow_up", _("Opkaldet følges op")


class QualityCheckQuerySet(models.QuerySet["QualityCheck"]):
    def visible_to(self, actor: Actor) -> QualityCheckQuerySet:
        """The sample of the actor's municipality, never the actor's own calls (K13)."""
        if not actor.may(Permission.CHECK_QUALITY):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes).exclude(caller_id=actor.user_id)

    def about(self, actor: Actor) -> QualityCheckQuerySet:
        """What somebody has said about the actor's own calls."""
        if not actor.may(Permission.WORK_CALLS) or actor.user_id is None:
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes, caller_id=actor.user_id).exclude(verdict="")

    def to_follow_up(self) -> QualityCheckQuerySet:
        return self.filter(verdict=QualityVerdict.FOLLOW_UP, followed_up_at=None)

    def of_colleagues_and_own(self, actor: Actor) -> QualityCheckQuerySet:
        """The municipality's, for those who call: whether one is theirs to act on is asked besides."""
        if not actor.may(Permission.WORK_CALLS) or actor.user_id is None:
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def given_to(self, actor: Actor) -> QualityCheckQuerySet:
        """Calls that the actor is to follow up."""
        return self.to_follow_up().of_colleagues_and_own(actor).filter(follow_up_user_id=actor.user_id)

    def waiting(self) -> QualityCheckQuerySet:
        return self.filter(verdict="", attempt__undone_at=None)


class QualityCheck(models.Model):
    """One sampled outcome and what the team lead said about it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    attempt = models.OneToOneField(ContactAttempt, on_delete=models.CASCADE, related_name="quality_check")
    caller_id = models.BigIntegerField()
    caller_name = models.CharField(max_length=200)
    picked_at = models.DateTimeField()
    because = models.CharField(max_length=12, choices=PickedBecause)
    verdict = models.CharField(max_length=12, choices=QualityVerdict, blank=True)
    comment = EncryptedTextField(kind="quality_comment", blank=True, null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by_id = models.BigIntegerField(null=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    # A call to be followed up is somebody's, by a day, and on their list until it is done.
    follow_up_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    follow_up_name = models.CharField(max_length=200, blank=True)
    follow_up_due = models.DateField(null=True)
    followed_up_at = models.DateTimeField(null=True)
    followed_up_by_name = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True, help_text="the caller has read it")

    objects = QualityCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", checked_at=None) | (~Q(verdict="") & Q(checked_at__isnull=False)),
                name="quality_check_whole",
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "picked_at"], name="quality_waiting", condition=Q(verdict="")),
            models.Index(fields=["municipality", "caller_id", "checked_at"], name="quality_by_caller"),
        ]
