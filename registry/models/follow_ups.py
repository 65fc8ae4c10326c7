"""The follow-up of one citizen in one programme: status, last answer, and exactly one next step (K1).

Keys whose index another one begins with have none of their own: a million rows pay for each.

Keys to municipality, programme and list are not checked row by row: a commit of 200,000 rows asked 1.4 million times
whether the same three rows exist (9 s of 50). Row security checks the municipality, the list is locked while it is
committed, and programmes are never deleted. The keys to the citizen and from the history are checked too, by triggers
that look at all rows of a statement at once (migration 0012): row by row they locked and rewrote 1 M citizens (20 s).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor

from .citizens import Citizen
from .geography import Municipality
from .lists import NonresponderList
from .programmes import Programme
from .selections import Selection


class FollowUpStatus(models.TextChoices):
    OPEN = "open", _("Åben")
    CLOSED = "closed", _("Afsluttet")


class NextStepKind(models.TextChoices):
    SMS = "sms", _("SMS")
    CALL = "call", _("Opkald")
    LETTER = "letter", _("Brev")
    LOOKUP = "lookup", _("Find nummer")
    VISIT = "visit", _("Besøg")
    INTERPRETER_CALL = "interpreter_call", _("Opkald med tolk")
    HEALTH_DIALOGUE = "health_dialogue", _("Fagsamtale")
    BOOKING_REQUEST = "booking_request", _("Bookingønske")
    RIDE = "ride", _("Kørsel")
    HOME_VISIT = "home_visit", _("Hjemmebesøg")
    WAIT = "wait", _("Afvent")


class Outcome(models.TextChoices):
    """What came of a contact (K6)."""

    BOOKS_SELF = "books_self", _("Bestiller selv")
    NEEDS_BOOKING_HELP = "needs_booking_help", _("Vil have hjælp til tid")
    BOOKED_ON_BEHALF = "booked_on_behalf", _("Tid er bestilt for borgeren")
    WANTS_POPUP = "wants_popup", _("Vil på pop-up")
    NEEDS_RIDE = "needs_ride", _("Har brug for kørsel")
    HOME_ASSESSMENT = "home_assessment", _("Hjemme – visitér")
    ALREADY_BOOKED = "already_booked", _("Har en tid")
    ALREADY_VACCINATED = "already_vaccinated", _("Er vaccineret")
    NEEDS_ESCORT = "needs_escort", _("Har brug for ledsager")
    DECLINED = "declined", _("Ønsker ikke")
    UNDECIDED = "undecided", _("I tvivl")
    HEALTH_DIALOGUE = "health_dialogue", _("Vil tale med fagperson")
    NO_ANSWER = "no_answer", _("Intet svar")
    VOICEMAIL = "voicemail", _("Telefonsvarer")
    BUSY = "busy", _("Optaget")
    WRONG_NUMBER = "wrong_number", _("Forkert nummer")
    CALL_BACK = "call_back", _("Ring senere")
    LANGUAGE = "language", _("Tolk eller pårørende")
    RELATIVE_REACHED = "relative_reached", _("Pårørende truffet")
    GUARDIAN_INFORMED = "guardian_informed", _("Værge orienteret")
    DECEASED = "deceased", _("Er død")
    MOVED = "moved", _("Er flyttet")
    DO_NOT_CONTACT = "do_not_contact", _("Vil ikke kontaktes igen")


class Barrier(models.TextChoices):
    """Why somebody has not booked, by the recommendations' own categories (K7)."""

    INFORMATION = "information", _("Kan ikke finde eller forstå informationen")
    ABILITY = "ability", _("Fysisk eller kognitiv funktionsevne")
    DISTRUST = "distrust", _("Mistillid, myter eller bivirkninger")
    NOT_RELEVANT = "not_relevant", _("Ikke relevant for mig")
    PRACTICAL = "practical", _("Praktisk: tid eller afstand")
    OTHER = "other", _("Andet")


class ClosedReason(models.TextChoices):
    GONE = "gone", _("Ikke længere på listen")
    DECLINED = "declined", _("Ønsker ikke vaccination")
    ANSWERED = "answered", _("Har svaret")
    ATTEMPTS_DOCUMENTED = "attempts_documented", _("Forsøgene er dokumenteret")
    STATUS = "status", _("Død, udrejst eller forsvundet")
    MOVED = "moved", _("Flyttet fra kommunen")
    DO_NOT_CONTACT = "do_not_contact", _("Vil ikke kontaktes igen")
    UNDONE = "undone", _("Listen blev fortrudt")
    SELECTION_ENDED = "selection_ended", _("Udvalget er afsluttet")
    # L2: an ordered list may be used in its order's time only.
    ORDER_ENDED = "order_ended", _("Bestillingen er udløbet")
    # Known from earlier contacts only: the answer waits here until a list or a selection names the citizen (L8).
    NOT_LISTED = "not_listed", _("På ingen liste endnu")


class FollowUpOrigin(models.TextChoices):
    """What opened the follow-up (L9)."""

    LIST = "list", _("Liste fra SSI")
    SELECTION = "selection", _("Kommunens eget udvalg")
    CASE = "case", _("Oprettet i hånden")
    EARLIER = "earlier", _("Tidligere svar fra regneark")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, actor: Actor) -> FollowUpQuerySet:
        """Follow-ups of the citizens the actor may see."""
        return self.filter(citizen__in=Citizen.objects.visible_to(actor))

    def open(self) -> FollowUpQuerySet:
        return self.filter(status=FollowUpStatus.OPEN)


class FollowUp(models.Model):
    """One citizen in one programme. Kept for ever as one row: weeks come and go, the answer stays (L8)."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    citizen = models.ForeignKey(
        Citizen, on_delete=models.CASCADE, related_name="follow_ups", db_index=False, db_constraint=False
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    target_group = models.CharField(max_length=10, blank=True)
    mandatory = models.BooleanField(default=False, help_text="covered by the follow-up duty (K3)")
    invited_on = models.DateField(null=True)
    first_list = models.ForeignKey(
        NonresponderList, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    last_list = models.ForeignKey(
        NonresponderList, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    weeks_on_list = models.PositiveSmallIntegerField(default=0)
    # L9: a default in the database too, because lists are committed by SQL that names its columns.
    origin = models.CharField(
        max_length=10, choices=FollowUpOrigin, default=FollowUpOrigin.LIST, db_default=FollowUpOrigin.LIST
    )
    # The own selection that opened it, or opened it again; kept when a list takes over.
    selection = models.ForeignKey(
        Selection, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )

    status = models.CharField(max_length=8, choices=FollowUpStatus, default=FollowUpStatus.OPEN)
    closed_reason = models.CharField(max_length=20, choices=ClosedReason, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # A declined citizen may be asked again from this day (L8, L8a).
    reopen_on = models.DateField(null=True)

    first_contact_due = models.DateField(null=True)
    answer_due = models.DateField(null=True)

    # A summary of contacts, written by campaigns through registry's services, so that review and undo
    # need nothing from above (architecture §3).
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True, help_text="the last answer")
    outcome_at = models.DateTimeField(null=True)
    barrier = models.CharField(max_length=20, choices=Barrier, blank=True)
    first_contact_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    sms_sent = models.PositiveSmallIntegerField(default=0)
    letters_sent = models.PositiveSmallIntegerField(default=0)

    next_step_kind = models.CharField(max_length=20, choices=NextStepKind, blank=True)
    next_step_at = models.DateTimeField(null=True)
    # A code with parameters, so that set-based SQL can write it and the page can say it in two languages.
    next_step_reason = models.CharField(max_length=40, blank=True)
    next_step_detail = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen", "programme"], name="follow_up_once_per_programme"),
            # K1, in the database: open = one next step with date and reason; closed = none, and why.
            models.CheckConstraint(
                name="open_follow_up_has_next_step",
                condition=(
                    Q(status="open", next_step_at__isnull=False, closed_reason="")
                    & ~Q(next_step_kind="")
                    & ~Q(next_step_reason="")
                )
                | (
                    Q(status="closed", next_step_kind="", next_step_at__isnull=True, closed_at__isnull=False)
                    & ~Q(closed_reason="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "next_step_kind", "next_step_at"],
                name="follow_up_by_next_step",
                condition=Q(status="open"),
            ),
            models.Index(fields=["municipality", "last_list"], name="follow_up_by_last_list"),
            models.Index(
                fields=["municipality", "answer_due"],
                name="follow_up_by_deadline",
                condition=Q(status="open"),
            ),
            models.Index(fields=["selection"], name="follow_up_by_selection", condition=Q(selection__isnull=False)),
            # Few, and asked for every minute: whose work must end (C3).
            models.Index(
                fields=["municipality", "closed_at"],
                name="follow_up_of_gone",
                condition=Q(status="closed", closed_reason__in=["status", "moved"]),
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class FollowUpChange(models.Model):
    """Append-only history of a follow-up: opened, reopened, closed, on list week n. Feeds the timeline."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("På listen")
        SEEN_AGAIN = "seen_again", _("Stadig på listen")
        REOPENED = "reopened", _("Genåbnet")
        CLOSED = "closed", _("Afsluttet")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="changes", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    nonresponder_list = models.ForeignKey(
        NonresponderList, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    selection = models.ForeignKey(
        Selection, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    week = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    # What undo puts back: the row's fields before this change (L5).
    before = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["follow_up", "at"], name="follow_up_change_by_time"),
            models.Index(
                fields=["selection"], name="follow_up_change_by_selection", condition=Q(selection__isnull=False)
            ),
        ]
        ordering = ["at", "id"]
