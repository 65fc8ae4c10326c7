"""The call queue and what came of each contact."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from popup_sites.models import VaccinationSession
from registry.models import Barrier, Citizen, FollowUp, Municipality, NonresponderList, Outcome, Phone

from .lookups import LookupPlace, LookupResult


class CallTaskState(models.TextChoices):
    OPEN = "open", _("Venter")
    CLAIMED = "claimed", _("I gang")
    DONE = "done", _("Afsluttet")
    CANCELLED = "cancelled", _("Bortfaldet")


class TriedPart(models.IntegerChoices):
    """The part of the day of the last unanswered call."""

    NEVER = 0, _("Ikke ringet endnu")
    MORNING = 1, _("Formiddag")
    AFTERNOON = 2, _("Eftermiddag")
    EVENING = 3, _("Aften")


class CallTaskQuerySet(models.QuerySet["CallTask"]):
    def visible_to(self, actor: Actor) -> CallTaskQuerySet:
        """The queue of the actor's municipality, for those who call or lead callers."""
        if not (actor.may(Permission.WORK_CALLS) or actor.may(Permission.MANAGE_CALL_QUEUE)):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def waiting(self) -> CallTaskQuerySet:
        return self.filter(state__in=[CallTaskState.OPEN, CallTaskState.CLAIMED])


class CallTask(models.Model):
    """One citizen to be called, for all their programmes at once. The planner makes and ends it (K1, K4)."""

    # The citizen's municipality is the task's, and migration 0008 checks both, a statement at a time (decision 0008).
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="call_tasks", db_constraint=False)
    # Two callers never ring one household at the same time. A citizen alone is their own household.
    household_key = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CallTaskState, default=CallTaskState.OPEN)
    due_at = models.DateTimeField(help_text="not before this moment")
    agreed_time = models.BooleanField(default=False, help_text="the citizen was promised this time")
    # Smaller is more urgent: 0 agreed time, 1 mandatory group, 2 voluntary.
    priority = models.PositiveSmallIntegerField(default=2)
    deadline = models.DateField(null=True)
    language = models.CharField(max_length=2, default="da")
    attempts = models.PositiveSmallIntegerField(default=0)
    # When somebody last tried: retries vary the time of day (K4). The planner writes it.
    tried_part = models.PositiveSmallIntegerField(choices=TriedPart, default=TriedPart.NEVER, db_default=0)
    # Who promised the agreed time: it is theirs first, while they are at work.
    promised_by_user_id = models.BigIntegerField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    # Set by a team lead: only this caller gets the task (K4 reassign).
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CallTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"],
                condition=Q(state__in=["open", "claimed"]),
                name="call_task_one_open_per_citizen",
            ),
            models.UniqueConstraint(
                fields=["municipality", "household_key"],
                condition=Q(state="claimed"),
                name="call_task_one_caller_per_household",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_by__isnull=False, claimed_until__isnull=False)
                | (~Q(state="claimed") & Q(claimed_until=None)),
                name="call_task_claim_whole",
            ),
        ]
        indexes = [
            # The order in which calls are given out, step by step (migration 0011).
            models.Index(
                fields=["municipality", "priority", "language", "tried_part", "deadline", "due_at", "id"],
                name="call_task_order",
                condition=Q(state="open", assigned_to__isnull=True, agreed_time=False),
            ),
            models.Index(
                fields=["municipality", "due_at", "id"],
                name="call_task_promised",
                condition=Q(state="open", agreed_time=True),
            ),
            models.Index(fields=["claimed_until"], name="call_task_claims", condition=Q(state="claimed")),
        ]

    def __str__(self) -> str:
        return f"call task {self.pk}"


class ContactKind(models.TextChoices):
    CALL = "call", _("Opkald")
    CALL_IN = "call_in", _("Borgeren ringede")
    SMS = "sms", _("SMS")
    LETTER = "letter", _("Brev")
    LOOKUP = "lookup", _("Opslag")
    IMPORTED = "imported", _("Fra kommunens egen liste")
    DIALOGUE = "dialogue", _("Fagsamtale")
    REPLY = "reply", _("Svar på sms")


class SpokeWith(models.TextChoices):
    CITIZEN = "citizen", _("Borgeren")
    RELATIVE = "relative", _("Pårørende")
    GUARDIAN = "guardian", _("Værge")
    CUSTODY_HOLDER = "custody", _("Forældremyndighedsindehaver")
    NOBODY = "nobody", _("Ingen")


class CallNeed(models.TextChoices):
    """What a citizen needs to get to a vaccination, as told on the telephone (T2)."""

    ROLLATOR = "rollator", _("Rollator")
    WHEELCHAIR = "wheelchair", _("Kørestol")
    STRETCHER = "stretcher", _("Båre")
    ESCORT = "escort", _("Ledsager")
    HELPER = "helper", _("Hjælper fra hjemmeplejen")


class ContactAttempt(models.Model):
    """One contact, reached or not. Proof of the duty (K3), so it is never deleted, only marked undone."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="contact_attempts")
    kind = models.CharField(max_length=10, choices=ContactKind)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    phone = models.ForeignKey(Phone, on_delete=models.SET_NULL, null=True, related_name="+")
    spoke_with = models.CharField(max_length=10, choices=SpokeWith, default=SpokeWith.NOBODY)
    # K8: who it was, and the language an interpreter spoke.
    spoke_with_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    interpreter_language = models.CharField(max_length=2, blank=True, default="", db_default="")
    minutes = models.PositiveSmallIntegerField(null=True)
    note = EncryptedTextField(kind="contact_note", blank=True, null=True)
    call_task = models.ForeignKey(CallTask, on_delete=models.SET_NULL, null=True, related_name="attempts_made")
    nonresponder_list = models.ForeignKey(NonresponderList, on_delete=models.SET_NULL, null=True, related_name="+")
    # C4: of a look-up that found no number, how it ended and where somebody looked (codes of LookupPlace).
    lookup_result = models.CharField(max_length=12, choices=LookupResult, blank=True, default="", db_default="")
    lookup_places = ArrayField(models.CharField(max_length=12, choices=LookupPlace), null=True, blank=True)
    # L8: taken in from a spreadsheet of the municipality's.
    earlier_contacts = models.ForeignKey(
        "campaigns.EarlierContacts", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)
    # What stood before beside the follow-ups themselves (tasks, messages, household), for the undo.
    before = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["citizen", "-at"], name="attempt_by_citizen"),
            models.Index(fields=["municipality", "at"], name="attempt_by_day"),
            models.Index(fields=["municipality", "by_user_id", "at"], name="attempt_by_caller"),
            models.Index(
                fields=["earlier_contacts"], name="attempt_by_earlier_file", condition=Q(earlier_contacts__isnull=False)
            ),
        ]
        ordering = ["-at", "-id"]


class ContactAnswer(models.Model):
    """What one contact meant for one programme: the outcome, the barrier, and the next step it led to (K6)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(ContactAttempt, on_delete=models.CASCADE, related_name="answers")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="answers")
    outcome = models.CharField(max_length=30, choices=Outcome)
    barrier = models.CharField(max_length=20, choices=Barrier, blank=True)
    next_step_kind = models.CharField(max_length=20, blank=True)
    next_step_at = models.DateTimeField(null=True)
    next_step_reason = models.CharField(max_length=40, blank=True)
    # What belongs to the outcome: which session, which booked time and place, what help to get there, which wishes.
    session = models.ForeignKey(VaccinationSession, on_delete=models.SET_NULL, null=True, related_name="+")
    booked_at = models.DateTimeField(null=True)
    booked_place = models.CharField(max_length=200, blank=True, default="", db_default="")
    needs = ArrayField(models.CharField(max_length=12, choices=CallNeed), null=True, blank=True)
    wishes = EncryptedTextField(kind="answer_wishes", blank=True, null=True)
    # The follow-up as it stood before, for the ten seconds in which the answer can be undone.
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "follow_up"], name="answer_once_per_programme")]
