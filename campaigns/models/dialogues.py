"""Talks with a health professional: who was passed on and why, and what came of each talk (K6, K7).

A talk is a »fagsamtale« on the pages; a thread of replies is a »sms-tråd«.

The worry is written by the caseworker; what is said about health in the talk is the adviser's alone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Citizen, Municipality

from .calls import ContactAttempt


class WorryTopic(models.TextChoices):
    """What the talk is to be about, as far as the caseworker needs to ask."""

    SIDE_EFFECTS = "side_effects", _("Bivirkninger")
    ILLNESS = "illness", _("Sygdom eller medicin")
    ALLERGY = "allergy", _("Allergi")
    PREGNANCY = "pregnancy", _("Graviditet eller amning")
    TRUST = "trust", _("Tillid til vaccinen")
    OTHER = "other", _("Andet")


class DialogueState(models.TextChoices):
    OPEN = "open", _("Venter")
    CLAIMED = "claimed", _("I gang")
    CLOSED = "closed", _("Afsluttet")
    WITHDRAWN = "withdrawn", _("Bortfaldet")


class DialogueOutcome(models.TextChoices):
    """What came of a talk, each with its own next step."""

    BOOKS_SELF = "books_self", _("Bestiller selv")
    WANTS_HELP = "wants_help", _("Vil have hjælp til tid")
    WANTS_POPUP = "wants_popup", _("Vil på pop-up")
    DECLINED = "declined", _("Ønsker ikke")
    THINKING = "thinking", _("Tænker over det – ny fagsamtale")
    OWN_DOCTOR = "own_doctor", _("Taler med egen læge først")
    TO_CASEWORKER = "to_caseworker", _("Har fået svar – sagsbehandler ringer")
    NOT_REACHED = "not_reached", _("Ikke truffet")


class HealthDialogueQuerySet(models.QuerySet["HealthDialogue"]):
    def visible_to(self, actor: Actor) -> HealthDialogueQuerySet:
        """The municipality's talks, for those who hold them; nobody else reads the worry."""
        if not actor.may(Permission.WORK_HEALTH_DIALOGUES):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def waiting(self) -> HealthDialogueQuerySet:
        return self.filter(state__in=[DialogueState.OPEN, DialogueState.CLAIMED])


class HealthDialogue(models.Model):
    """One citizen passed on to a health professional; stays one row while new talks are agreed."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="health_dialogues")
    # The call that passed the citizen on; undoing it withdraws the talk.
    attempt = models.ForeignKey(ContactAttempt, on_delete=models.SET_NULL, null=True, related_name="+")
    referred_at = models.DateTimeField()
    referred_by_name = models.CharField(max_length=200)
    topic = models.CharField(max_length=14, choices=WorryTopic, blank=True)
    worry = EncryptedTextField(kind="dialogue_worry", blank=True, null=True)
    due_at = models.DateTimeField(help_text="not before this moment")
    agreed_time = models.BooleanField(default=False, help_text="the citizen was promised this time")
    tries = models.PositiveSmallIntegerField(default=0, help_text="calls in vain since the last talk")
    state = models.CharField(max_length=10, choices=DialogueState, default=DialogueState.OPEN)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = HealthDialogueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"], condition=Q(state__in=["open", "claimed"]), name="dialogue_one_open_per_citizen"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_by__isnull=False, claimed_until__isnull=False)
                | (~Q(state="claimed") & Q(claimed_until=None)),
                name="dialogue_claim_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "due_at", "id"],
                name="dialogue_queue",
                condition=Q(state__in=["open", "claimed"]),
            )
        ]

    def __str__(self) -> str:
        return f"health dialogue {self.pk}"


class HealthTalkQuerySet(models.QuerySet["HealthTalk"]):
    def visible_to(self, actor: Actor) -> HealthTalkQuerySet:
        """Talks and what was said in them: for health advisers only."""
        return self.filter(dialogue__in=HealthDialogue.objects.visible_to(actor))


class HealthTalk(models.Model):
    """One talk, held or tried. The attempt beside it says for all that it was held, and what came of it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    dialogue = models.ForeignKey(HealthDialogue, on_delete=models.CASCADE, related_name="talks")
    attempt = models.OneToOneField(ContactAttempt, on_delete=models.CASCADE, related_name="health_talk")
    outcome = models.CharField(max_length=14, choices=DialogueOutcome)
    health_note = EncryptedTextField(kind="health_note", blank=True, null=True)

    objects = HealthTalkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"health talk {self.pk}"
