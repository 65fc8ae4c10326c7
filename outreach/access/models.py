"""Users, the organisations they work for, and the role they have in each."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .roles import Role


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Kommune")
    REGION = "region", _("Region")
    NATIONAL = "national", _("National myndighed")


class Organisation(models.Model):
    """Who somebody works for. `code` is the municipality's or region's official number (183, 1084)."""

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="organisation_once_per_code")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A staff member. What they may do follows from their memberships, never from Django's own flags."""

    languages = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text="ISO 639-1; K4 routes calls by it"
    )

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class Membership(models.Model):
    """One role of one user in one organisation. Ended memberships are kept: old log rows point at them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_at=None),
                name="membership_once_while_active",
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"


class ApiKey(models.Model):
    """A key with which another system calls us, as a service account with one role in one municipality.

    The key itself is shown once and never stored: `key_hash` is an HMAC of it under the installation's own key.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="api_keys")
    label = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=64)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.label}"
