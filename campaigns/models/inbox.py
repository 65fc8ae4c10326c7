"""Replies as conversations (S7; »sms-tråde« on the pages): what came in, who has it, and what it was answered with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from outreach.privacy.sealing import unseal
from registry.models import Citizen, Municipality


class ConversationState(models.TextChoices):
    OPEN = "open", _("Åben")
    DONE = "done", _("Afsluttet")


class ReplyKind(models.TextChoices):
    """What a reply says, by plain word rules (`reply_words.py`). Only STOP, START and RING are acted on."""

    STOP = "stop", _("Vil ikke have sms'er")
    START = "start", _("Vil gerne have sms'er igen")
    RING = "ring", _("Vil ringes op")
    YES = "yes", _("Siger ja")
    NO = "no", _("Siger nej")
    WRONG_NUMBER = "wrong_number", _("Måske forkert nummer")
    DECEASED = "deceased", _("Måske død")
    MAYBE_STOP = "maybe_stop", _("Vil måske ikke have sms'er")
    MAYBE_RING = "maybe_ring", _("Vil måske ringes op")
    HELP = "help", _("Beder om hjælp")
    TEXT = "text", _("Skriver selv")
    MEDIA = "media", _("Kun billede eller fil")
    EMPTY = "empty", _("Tom besked")


class ReplyAct(models.TextChoices):
    """What the system did about a reply, or a person later."""

    OPTED_OUT = "opted_out", _("Frameldt sms")
    OPT_OUT_UNDONE = "opt_out_undone", _("Framelding fortrudt")
    OPTED_IN = "opted_in", _("Tilmeldt sms igen")
    CALL_PLANNED = "call_planned", _("Opkald lagt i køen")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, actor: Actor) -> ConversationQuerySet:
        """Conversations of the actor's municipality, for those who answer them (SW11)."""
        if not actor.may(Permission.ANSWER_INBOX):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def open(self) -> ConversationQuerySet:
        return self.filter(state=ConversationState.OPEN)


class Conversation(models.Model):
    """What one number has written to a municipality since somebody last finished with it.

    `citizen` is None while the number belongs to nobody we know, or to several (SW11, SW12).
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number_ciphertext = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, null=True, related_name="conversations")
    state = models.CharField(max_length=4, choices=ConversationState, default=ConversationState.OPEN)
    unread = models.BooleanField(default=True)
    # What the newest reply that still needs somebody says.
    suggestion = models.CharField(max_length=14, choices=ReplyKind)
    opened_at = models.DateTimeField()
    last_reply_at = models.DateTimeField()
    # Who is at it: a soft lock that runs out, so that two do not answer the same citizen.
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=200, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number_index"],
                condition=Q(state="open"),
                name="conversation_one_open_per_number",
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | Q(state="done", done_at__isnull=False),
                name="conversation_done_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "-unread", "last_reply_at"], name="conversation_open", condition=Q(state="open")
            ),
            models.Index(fields=["municipality", "-done_at"], name="conversation_done", condition=Q(state="done")),
        ]

    @property
    def number(self) -> str:
        """Who writes, in E.164."""
        return unseal("phone", self.number_ciphertext, self.number_index)


class InboundMessage(models.Model):
    """One reply as it was written. Pictures are never fetched; how many there were is said (SW13)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="replies")
    gateway_id = models.CharField(max_length=64)
    body = EncryptedTextField(kind="inbound_body", blank=True, null=True)
    media = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=14, choices=ReplyKind)
    act = models.CharField(max_length=14, choices=ReplyAct, blank=True)
    act_by_name = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "gateway_id"], name="inbound_once")]
        ordering = ["received_at", "id"]
