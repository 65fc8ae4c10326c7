"""SMS waves: a text to an audience, previewed, approved by a second person, spread over the sending window (S3, S4).

The wave itself holds no citizen; its recipients stand behind row-level security. Each message carries its wave.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from popup_sites.models import VaccinationSession
from registry.models import Citizen, FollowUp, Municipality, Programme


class WaveState(models.TextChoices):
    DRAFT = "draft", _("Kladde")
    AWAITING_APPROVAL = "awaiting", _("Venter på godkendelse")
    APPROVED = "approved", _("Godkendt, sendes snart")
    SENDING = "sending", _("Bliver sendt")
    HELD = "held", _("Sat på pause")
    FINISHED = "finished", _("Færdig")
    CANCELLED = "cancelled", _("Annulleret")
    REJECTED = "rejected", _("Afvist")


class MissingText(models.TextChoices):
    """What happens to a recipient in whose language no text is approved."""

    DANISH = "danish", _("Får den danske tekst")
    LEAVE_OUT = "leave_out", _("Får ingen sms")


class SmsWaveQuerySet(models.QuerySet["SmsWave"]):
    def visible_to(self, actor: Actor) -> SmsWaveQuerySet:
        """The waves of the actor's own municipality, for those who lead the sending."""
        if not actor.may(Permission.SEE_MESSAGES):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class SmsWave(models.Model):
    """One text to many. `filter` is `WaveFilter.stored()`; `preview` is what the approver saw, and approved."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    template_code = models.SlugField(max_length=60)
    missing_text = models.CharField(max_length=10, choices=MissingText, default=MissingText.DANISH)
    filter = models.JSONField(default=dict)
    session = models.ForeignKey(
        VaccinationSession, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="the pop-up that the text mentions",
    )  # fmt: skip
    starts_at = models.DateTimeField()
    per_minute = models.PositiveIntegerField()
    # Nothing goes out from here on: the end of the session it mentions, or a moment of the maker's.
    expires_at = models.DateTimeField(null=True, blank=True)
    hold_out_percent = models.PositiveSmallIntegerField(default=0)
    # Why it may go out although the pop-up has too few places.
    no_room_reason = models.CharField(max_length=300, blank=True)

    state = models.CharField(max_length=10, choices=WaveState, default=WaveState.DRAFT)
    state_at = models.DateTimeField()
    # Rises with every change of what is sent to whom: an approval is of one version.
    version = models.PositiveIntegerField(default=1)
    preview = models.JSONField(default=dict)
    # Language → the template's row, as previewed: the versions that are approved with the wave.
    texts = models.JSONField(default=dict)
    made_by_name = models.CharField(max_length=200)
    # Everybody who made, changed or sent it for approval: none of them approves it (four eyes).
    made_by_ids = ArrayField(models.IntegerField(), default=list)
    decided_by_id = models.IntegerField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, help_text="when the last message was put in the queue")
    finished_at = models.DateTimeField(null=True)
    # What came of it, written down when its recipients were erased (A5); until then it is counted.
    results = models.JSONField(null=True)

    objects = SmsWaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="wave_has_a_pace"),
            models.CheckConstraint(condition=Q(hold_out_percent__lte=50), name="wave_hold_out_at_most_half"),
        ]
        indexes = [models.Index(fields=["municipality", "-created_at"], name="wave_by_municipality")]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"wave {self.pk}"


class SmsWaveChange(models.Model):
    """Append-only: each state a wave has had, who brought it there, and why."""

    wave = models.ForeignKey(SmsWave, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=WaveState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]


class SmsWaveRecipient(models.Model):
    """One citizen of an approved wave, in the random order of sending. Frozen at approval, so that queueing resumes.

    `held_out`: drawn to get nothing, so that the effect can be told (D6). `left_out`: why nothing was queued after all.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    wave = models.ForeignKey(SmsWave, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="wave_places")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    language = models.CharField(max_length=2)
    position = models.PositiveIntegerField()
    held_out = models.BooleanField(default=False)
    queued = models.BooleanField(default=False)
    left_out = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "citizen"], name="wave_recipient_once")]
        indexes = [
            models.Index(
                fields=["wave", "position"],
                name="wave_recipient_to_queue",
                condition=Q(queued=False, held_out=False, left_out=""),
            )
        ]


class WaveSettings(models.Model):
    """A municipality's own rules for waves; without a row the defaults hold."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="wave_settings")
    second_person = models.BooleanField(default=True, help_text="another person than the maker approves")
    # Somebody wants to do without: it holds once another person has agreed (decision 0014).
    off_asked_by_id = models.IntegerField(null=True)
    off_asked_by_name = models.CharField(max_length=200, blank=True)
    off_asked_at = models.DateTimeField(null=True)
    # Of those who get the text, how many are reckoned to come to the pop-up it mentions.
    expected_percent = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_percent__gte=1, expected_percent__lte=100), name="wave_expected_percent"
            ),
            models.CheckConstraint(
                condition=Q(off_asked_at=None) | Q(second_person=True, off_asked_by_id__isnull=False),
                name="wave_four_eyes_asked_off_while_on",
            ),
        ]
