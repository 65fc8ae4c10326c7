"""Find the membership a user works in, the actor for a user named on a command line, and who may do what."""

from collections.abc import Collection

from django.db.models import QuerySet

from outreach.errors import UserError

from .actor import Actor, actor_from_membership
from .models import Membership, Organisation, OrganisationKind, User
from .permissions import Permission
from .roles import ROLE_PERMISSIONS


def active_memberships(user: User) -> list[Membership]:
    """The user's memberships that have not ended, oldest first, organisations included."""
    return list(
        user.memberships.filter(ended_at=None, organisation__active=True).select_related("organisation", "user")
    )


def chosen_membership(memberships: list[Membership], membership_id: int | None) -> Membership | None:
    """Of a user's active memberships the one chosen in the session if it still holds, else the first, else None."""
    chosen = next((each for each in memberships if each.id == membership_id), None)
    return chosen or next(iter(memberships), None)


def actor_by_username(username: str, *, municipality_code: int | None = None) -> Actor:
    """The actor for `--by USER`: their membership in the municipality if one is given, else their first.

    Raises UserError when there is no such active user or no such membership.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise UserError("unknown_user", f"Der findes ingen aktiv bruger med navnet »{username}«.")
    memberships = active_memberships(user)
    if municipality_code is not None:
        memberships = [
            each
            for each in memberships
            if each.organisation.kind != OrganisationKind.MUNICIPALITY or each.organisation.code == municipality_code
        ]
    if not memberships:
        raise UserError("no_membership", f"Brugeren »{username}« har ingen rolle i den kommune.")
    return actor_from_membership(memberships[0])


def users_who_may(permission: Permission, municipality_codes: Collection[int]) -> QuerySet[User]:
    """Active users with a running role in one of the municipalities that has the permission, by name, each once."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    users = User.objects.filter(
        is_active=True,
        memberships__ended_at=None,
        memberships__role__in=roles,
        memberships__organisation__kind=OrganisationKind.MUNICIPALITY,
        memberships__organisation__code__in=municipality_codes,
    )
    return users.distinct().order_by("first_name", "last_name", "id")


def served_municipality_codes() -> list[int]:
    """Codes of the municipalities that use this installation, ascending: what system jobs walk through."""
    served = Organisation.objects.filter(kind=OrganisationKind.MUNICIPALITY, active=True, code__isnull=False)
    return [code for code in served.order_by("code").values_list("code", flat=True) if code is not None]
