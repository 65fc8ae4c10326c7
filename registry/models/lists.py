"""The lists SSI sends, and every row with what was decided about it.

Keys whose index another one begins with have none of their own: a million rows pay for each.

The keys of list rows are not checked row by row: 200,000 rows asked as often whether the same list exists and locked
as many citizens (6 s of 50). Row security checks the municipality, the list is locked while its rows are written, and
citizens are found by a join in the same statement; a follow-up's key to its citizen is checked.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from .citizens import Citizen
from .geography import Municipality
from .list_orders import ListOrder
from .national_files import NationalFile
from .programmes import Programme


class ListKind(models.TextChoices):
    STANDING = "standing", _("Ugentlig liste")
    ORDERED = "ordered", _("Bestilt liste")


class ListState(models.TextChoices):
    """L3. `failed` and `undone` are ends as well; the transitions are in services/list_states.py."""

    UPLOADED = "uploaded", _("Modtaget")
    READ = "read", _("Læst")
    MATCHED = "matched", _("Sammenholdt")
    REVIEWED = "reviewed", _("Klar til gennemsyn")
    COMMITTED = "committed", _("Indlæst")
    REJECTED = "rejected", _("Afvist")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    UNDONE = "undone", _("Fortrudt")
    FAILED = "failed", _("Kan ikke læses")


class ListChannel(models.TextChoices):
    """How a list came in (L1)."""

    BROWSER = "browser", _("Browser")
    FOLDER = "folder", _("Afleveringsmappe")
    API = "api", _("API")
    COMMAND = "command", _("Kommandolinje")


class MappingSource(models.TextChoices):
    """Where a list's mapping of columns comes from."""

    PROPOSED = "proposed", _("Genkendt")
    REMEMBERED = "remembered", _("Husket fra sidst")
    PERSON = "person", _("Valgt")


DEFAULT_SENDER = "SSI"


class NonresponderListQuerySet(models.QuerySet["NonresponderList"]):
    def visible_to(self, actor: Actor) -> NonresponderListQuerySet:
        """The lists of the actor's own municipality, for those who work with lists."""
        if not actor.may(Permission.SEE_LISTS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class NonresponderList(models.Model):
    """One file from SSI: what it states, where it is on its way, and what became of its rows.

    Holds no citizen, so that the sweeper may find stuck lists without a municipality's context.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ListKind, default=ListKind.STANDING)
    order = models.ForeignKey(ListOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="lists")
    national_file = models.ForeignKey(
        NationalFile, on_delete=models.PROTECT, null=True, blank=True, related_name="lists"
    )
    as_of = models.DateField()
    waiting_days = models.PositiveSmallIntegerField()
    groups_stated = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    groups_covered = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    invented = models.BooleanField(default=False, help_text="demo data, labelled as such")

    sender = models.CharField(max_length=60, default=DEFAULT_SENDER)
    channel = models.CharField(max_length=10, choices=ListChannel, default=ListChannel.BROWSER)
    source_key = models.CharField(max_length=80, blank=True, help_text="which dropped file it was; used once")

    stored_name = models.CharField(max_length=80, help_text="generated name under UPLOAD_ROOT/lists/")
    display_name = models.CharField(max_length=120, help_text="the sender's file name, sanitised")
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField()
    file_erased_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=12, choices=ListState, default=ListState.UPLOADED)
    state_changed_at = models.DateTimeField()
    # What a file needs from a person before it can be read on: "mapping", or nothing.
    waits_for = models.CharField(max_length=20, blank=True)
    header = models.JSONField(default=list, help_text="the file's column names as they stand")
    column_kinds = models.JSONField(default=list, help_text="what seems to be in each column, for who maps them")
    mapping = models.JSONField(default=dict, help_text='our column name → their header; "" = not in the file')
    mapping_source = models.CharField(max_length=10, choices=MappingSource, default=MappingSource.PROPOSED)
    dropped_columns = models.JSONField(default=list)
    progress = models.JSONField(default=dict, help_text='{"stage", "done", "of"} for the progress page')
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="classification → number of rows")
    gates = models.JSONField(default=list, help_text='[{"code", "message", "overridable"}]')
    overrides = models.JSONField(default=list, help_text='[{"code", "reason", "by", "at"}]')
    warnings = models.JSONField(default=list)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # A reader's lease: the sweeper takes over a list whose lease ran out (F01, F04).
    leased_until = models.DateTimeField(null=True, blank=True)

    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    # When a person last worked on it without changing its state; untouched lists end by themselves (L6).
    touched_at = models.DateTimeField(null=True, blank=True)
    committed_by_name = models.CharField(max_length=200, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    seconds = models.JSONField(default=dict, help_text="stage → seconds, for the receipt and the benchmark")
    # Presses of a button in the review; each row remembers the one that decided it last, so that it can be undone.
    decision_steps = models.PositiveIntegerField(default=0)

    objects = NonresponderListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ListKind.STANDING, order=None) | Q(kind=ListKind.ORDERED, order__isnull=False),
                name="ordered_list_has_order",
            ),
            models.UniqueConstraint(
                fields=["municipality", "source_key"], condition=~Q(source_key=""), name="dropped_file_once"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "programme", "-as_of"], name="list_by_as_of"),
            models.Index(fields=["state", "leased_until"], name="list_by_state"),
        ]
        ordering = ["-as_of", "-id"]

    def __str__(self) -> str:
        return f"list {self.pk}"


class ListStateChange(models.Model):
    """Append-only: when a list changed state, and who did it."""

    nonresponder_list = models.ForeignKey(NonresponderList, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=12, choices=ListState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]


class RowClass(models.TextChoices):
    """What the review says about a row; the groups of L3 and of the receipt."""

    NEW = "new", _("Ny")
    WAITING = "waiting", _("Stadig på listen")
    GONE = "gone", _("Ikke længere på listen")
    MOVED = "moved", _("Flyttet")
    OTHER_NUMBER = "other_number", _("Kendt under andet nummer")
    DUPLICATE = "duplicate", _("Står to gange")
    NEEDS_DECISION = "needs_decision", _("Skal du tage stilling til")
    UNREADABLE = "unreadable", _("Kan ikke læses")


class ListRow(models.Model):
    """One row of a list, or (class gone, no row number) a citizen the previous list had and this one has not."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    nonresponder_list = models.ForeignKey(
        NonresponderList, on_delete=models.CASCADE, related_name="list_rows", db_index=False, db_constraint=False
    )
    row_number = models.PositiveIntegerField(null=True, help_text="as the spreadsheet shows it")
    cpr_ciphertext = models.BinaryField(null=True)
    cpr_index = models.BinaryField(null=True, max_length=32)
    cpr_kind = models.CharField(max_length=12, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    name = models.CharField(max_length=200, blank=True)
    target_group = models.CharField(max_length=10, blank=True)
    invited_on = models.DateField(null=True)
    row_class = models.CharField(max_length=16, choices=RowClass, blank=True)
    problem_code = models.CharField(max_length=40, blank=True)
    problem_column = models.CharField(max_length=40, blank=True)
    warning_code = models.CharField(max_length=40, blank=True)
    reask_code = models.CharField(
        max_length=12, blank=True, db_default="", help_text="why a closed follow-up is opened anew (L8), or nothing"
    )
    # Rows that are the same citizen share the first one's number, so a person sees "88, 121".
    same_as_row = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=30, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decision_step = models.PositiveIntegerField(null=True, help_text="the list's n-th step, which decided the row")
    decision_before = models.CharField(max_length=30, null=True, help_text="what that step replaced")  # noqa: DJ001
    citizen = models.ForeignKey(
        Citizen, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    week = models.PositiveSmallIntegerField(default=1, help_text="the citizen's n-th week on the lists")
    # The answer given before rides on the row (L8).
    earlier_outcome = models.CharField(max_length=30, blank=True)
    earlier_outcome_at = models.DateTimeField(null=True)
    # Fingerprint of the citizen as reviewed; a difference at commit sends the row to a second review (L5).
    reviewed_state = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nonresponder_list", "row_number"], name="list_row_number_once")]
        indexes = [
            models.Index(fields=["nonresponder_list", "row_class", "row_number"], name="list_row_by_class"),
            models.Index(fields=["citizen"], name="list_row_by_citizen"),
            # Counting what waits reads nothing else: row security finds the municipality here as well.
            models.Index(
                fields=["nonresponder_list", "row_class", "problem_code", "decision", "row_number"],
                condition=Q(row_class__in=["needs_decision", "moved"]),
                include=["municipality"],
                name="list_row_to_decide",
            ),
            # The gone have no row number to page by.
            models.Index(fields=["nonresponder_list", "id"], condition=Q(row_class="gone"), name="list_row_gone"),
            models.Index(
                fields=["nonresponder_list", "decision_step"],
                condition=Q(decision_step__isnull=False),
                include=["municipality"],
                name="list_row_by_step",
            ),
        ]
