"""Who acts: a person in one role, or a named system job. Every service takes one as `by=`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

from .models import Membership, OrganisationKind
from .permissions import Permission
from .roles import PERSONAL_PERMISSIONS, ROLE_PERMISSIONS, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A snapshot of what somebody may do, taken anew on each request (V8.3.2)."""

    name: str
    user_id: int | None = None
    role: Role | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    municipality_codes: frozenset[int] = frozenset()
    region_code: int | None = None
    national: bool = False
    permissions: frozenset[Permission] = frozenset()
    languages: tuple[str, ...] = field(default=())
    made_by_id: int | None = None

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    @property
    def answerable_id(self) -> int | None:
        """The person behind what is handed in: for another system whoever made its key, who holds it.

        Where a second person is asked for, they are not one.
        """
        return self.made_by_id or self.user_id

    @property
    def municipality_code(self) -> int | None:
        """The one municipality the person works in, or None (region, nation, a job over several)."""
        return next(iter(self.municipality_codes)) if len(self.municipality_codes) == 1 else None

    @property
    def personal_municipalities(self) -> frozenset[int]:
        """Whose citizens row-level security opens for this actor: none without a personal permission."""
        return self.municipality_codes if self.permissions & PERSONAL_PERMISSIONS else frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied (403) unless the actor has the permission."""
        if permission not in self.permissions:
            raise PermissionDenied(permission.value)


def actor_from_membership(membership: Membership) -> Actor:
    """The actor a signed-in user is while working in this membership."""
    organisation = membership.organisation
    role = Role(membership.role)
    own = [organisation.code] if organisation.kind == OrganisationKind.MUNICIPALITY and organisation.code else []
    return Actor(
        name=membership.user.display_name,
        user_id=membership.user_id,
        role=role,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        municipality_codes=frozenset(own),
        region_code=organisation.code if organisation.kind == OrganisationKind.REGION else None,
        national=organisation.kind == OrganisationKind.NATIONAL,
        permissions=ROLE_PERMISSIONS[role],
        languages=tuple(membership.user.languages),
    )


def system_actor(job: str, municipality_codes: Iterable[int] = ()) -> Actor:
    """A named job (`planner`, `list-import`) with all permissions in the municipalities it is given."""
    return Actor(name=job, municipality_codes=frozenset(municipality_codes), permissions=frozenset(Permission))
