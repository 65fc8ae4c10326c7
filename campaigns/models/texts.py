"""The library of texts: messages, scripts and letters, in languages and versions, each approved by a person (S2).

A version is never changed: an edit makes the next one. A municipality's own versions (`municipality` set) go before the
common ones, which nobody in a municipality can change.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from registry.models import Municipality, Programme


class ContentClass(models.TextChoices):
    NEUTRAL = "neutral", _("Neutral")
    APPOINTMENT = "appointment", _("Aftale")
    HEALTH = "health", _("Helbred – kan ikke sendes")


class TextState(models.TextChoices):
    DRAFT = "draft", _("Kladde")
    APPROVED = "approved", _("Godkendt")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")


Version = TypeVar("Version", bound="TextVersion")


class TextQuerySet(models.QuerySet[Version]):
    def visible_to(self, actor: Actor) -> TextQuerySet[Version]:
        """Common versions and those of the actor's municipality. Texts hold no personal data."""
        return self.filter(Q(municipality=None) | Q(municipality_id__in=actor.municipality_codes))

    def usable(self) -> TextQuerySet[Version]:
        """What a person has approved and nobody withdrew."""
        return self.filter(approved_at__isnull=False, withdrawn_at=None)


class TextVersion(models.Model):
    """What all kinds of text have in common: whose, in which language, which version, and who answers for it."""

    kind: ClassVar[str]
    # The fields that say which text it is, apart from language and municipality, and those that hold its words.
    identity: ClassVar[tuple[str, ...]]
    content: ClassVar[tuple[str, ...]]

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="empty: common"
    )
    language = models.CharField(max_length=2, default="da")
    version = models.PositiveSmallIntegerField(default=1)
    written_at = models.DateTimeField(null=True, blank=True)
    written_by_id = models.BigIntegerField(null=True, blank=True)
    written_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    approved_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)
    # Why it was written or withdrawn, in the writer's words.
    note = models.CharField(max_length=200, blank=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def state(self) -> TextState:
        """Where the version stands; a withdrawn one may be read and restored as a new draft."""
        if self.withdrawn_at is not None:
            return TextState.WITHDRAWN
        return TextState.APPROVED if self.approved_at is not None else TextState.DRAFT


class MessageTemplate(TextVersion):
    """One version of an SMS text in one language. Health text can never be sent (S1)."""

    kind = "sms"
    identity = ("code",)
    content = ("body", "content_class")

    code = models.SlugField(max_length=60)
    body = models.TextField()
    content_class = models.CharField(max_length=12, choices=ContentClass)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code", "language", "version"],
                name="template_version_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language}, {self.version})"


class CallScript(TextVersion):
    """What a caller may say, per programme and language: how to begin, go on and end, and answers to worries (K5)."""

    kind = "script"
    identity = ("programme",)
    content = ("opening", "further", "closing", "answers")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    opening = models.JSONField(default=list, help_text="paragraphs")
    further = models.JSONField(default=list, blank=True, help_text="paragraphs: once the citizen has answered")
    closing = models.JSONField(default=list, blank=True, help_text="paragraphs")
    answers = models.JSONField(default=list, help_text='[{"worry", "answer"}]')

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "programme", "language", "version"],
                name="script_version_once",
                nulls_distinct=False,
            )
        ]


class LetterText(TextVersion):
    """One version of a letter in one language; paragraphs are parted by an empty line (S9)."""

    kind = "letter"
    identity = ("code",)
    content = ("title", "body")

    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code", "language", "version"],
                name="letter_version_once",
                nulls_distinct=False,
            )
        ]


class MessagePrice(models.Model):
    """What one segment costs from a day on: by agreement, so a setting. The most precise row counts (S2)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    gateway = models.CharField(max_length=20, blank=True, help_text="empty: any gateway")
    valid_from = models.DateField()
    ore_per_segment = models.DecimalField(max_digits=7, decimal_places=2)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "gateway", "valid_from"], name="message_price_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(ore_per_segment__gte=0), name="message_price_not_negative"),
        ]
