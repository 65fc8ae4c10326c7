"""Keys for other systems: made, revoked and recognised (L1). The key is shown once; what is stored cannot be used.

A key is a service account of its own with one role in one municipality, so that it outlives whoever made it, and the
log tells the system apart from people.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from .actor import Actor, actor_from_membership
from .models import ApiKey, Membership, Organisation, User
from .permissions import Permission
from .roles import Role

MARK = "opsoeg"
LONGEST_DAYS = 365
# Row security opens by the right to see citizens; no address for keys shows one.
KEY_PERMISSIONS = frozenset({Permission.SEE_LISTS, Permission.UPLOAD_LISTS, Permission.SEE_CITIZENS})
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    """A key just made: the row, and the secret text that nobody can ask for again."""

    row: ApiKey
    secret: str


def keys_of(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the actor's own organisation."""
    if not actor.may(Permission.MANAGE_API_KEYS):
        return ApiKey.objects.none()
    return ApiKey.objects.filter(membership__organisation_id=actor.organisation_id or 0)


@transaction.atomic
def create_key(*, by: Actor, label: str, days: int, now: datetime) -> NewKey:
    """Make a key for a system that hands in lists, valid `days` days (1–365).

    Raises UserError `key_label`, `key_days`.
    """
    by.require(Permission.MANAGE_API_KEYS)
    label = " ".join(label.split())
    if not label or len(label) > 60 or not label.isprintable():
        raise UserError("key_label", _("Skriv, hvilket system nøglen er til, med højst 60 tegn."))
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError("key_days", _("En nøgle kan gælde fra 1 til 365 dage."))
    prefix = secrets.token_hex(4)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    account = User(username=f"api-{prefix}", last_name=f"{label} (API)")
    account.set_unusable_password()
    account.save()
    membership = Membership.objects.create(
        user=account, organisation=Organisation.objects.get(pk=by.organisation_id or 0), role=Role.LIST_ADMIN
    )
    row = ApiKey.objects.create(
        membership=membership,
        label=label,
        prefix=prefix,
        key_hash=_hash(secret),
        created_by_id=by.user_id,
        created_by_name=by.name,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record(by, row, Action.ADD, now)
    return NewKey(row, secret)


@transaction.atomic
def revoke_key(*, by: Actor, key_id: str, now: datetime) -> ApiKey:
    """End a key and its account at once; an ended one is left as it is. Raises UserError `unknown_key`."""
    by.require(Permission.MANAGE_API_KEYS)
    number = int(key_id) if key_id.isascii() and key_id.isdigit() and len(key_id) < 18 else 0
    row = keys_of(by).select_for_update(of=("self",)).select_related("membership").filter(pk=number).first()
    if row is None:
        raise UserError("unknown_key", _("Nøglen findes ikke. Genindlæs siden."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by_name = now, by.name
        row.save(update_fields=["revoked_at", "revoked_by_name"])
        Membership.objects.filter(pk=row.membership_id, ended_at=None).update(ended_at=now)
        User.objects.filter(pk=row.membership.user_id).update(is_active=False)
        _record(by, row, Action.DELETE, now)
    return row


def recognise(secret: str) -> ApiKey | None:
    """The key this text is, valid or not; None for a text that is no key of ours."""
    mark, _separator, rest = secret.partition("_")
    prefix = rest.partition("_")[0]
    if mark != MARK or len(secret) > 100 or not (prefix.isascii() and prefix.isalnum()):
        return None
    row = ApiKey.objects.select_related("membership__user", "membership__organisation").filter(prefix=prefix).first()
    if row is None or not constant_time_compare(row.key_hash, _hash(secret)):
        return None
    return row


def actor_of(row: ApiKey, now: datetime) -> Actor | None:
    """Who acts with the key, with no more rights than handing lists in; None when it has ended."""
    membership = row.membership
    ended = row.revoked_at is not None or row.expires_at <= now or membership.ended_at is not None
    if ended or not membership.user.is_active or not membership.organisation.active:
        return None
    actor = actor_from_membership(membership)
    return replace(actor, permissions=actor.permissions & KEY_PERMISSIONS, made_by_id=row.created_by_id)


def note_use(row: ApiKey, now: datetime) -> None:
    """Write when the key was last used, to the minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    return salted_hmac("outreach.access.api_key", secret, algorithm="sha256").hexdigest()


def _record(by: Actor, row: ApiKey, action: Action, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="apikey",
        subject_id=row.pk,
        purpose=_("API-nøgle"),
        detail={"prefix": row.prefix},
        at=now,
    )
