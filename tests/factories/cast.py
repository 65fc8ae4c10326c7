"""A fixed cast: people with one role each, as actors (without a user) and as users who can log in."""

from django.test import Client

from outreach.access.actor import Actor, actor_from_membership
from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role

from .geography import CAPITAL_REGION, ISHOEJ

REGIONAL_ROLES = {Role.REGION_PLANNER, Role.REGION_BOOKING_DESK}
NATIONAL_ROLES = {Role.NATIONAL_MONITOR}


def organisation_for(role: Role, code: int | None = None) -> Organisation:
    """The organisation somebody with this role works for: Ishøj, Region Hovedstaden or the nation."""
    kind = OrganisationKind.MUNICIPALITY
    if role in REGIONAL_ROLES:
        kind, code = OrganisationKind.REGION, code or CAPITAL_REGION
    elif role in NATIONAL_ROLES:
        kind, code = OrganisationKind.NATIONAL, None
    else:
        code = code or ISHOEJ
    organisation, _ = Organisation.objects.get_or_create(
        kind=kind, code=code, defaults={"name": f"{kind.label} {code}"}
    )
    return organisation


def user_with_role(role: Role, code: int | None = None, username: str | None = None) -> User:
    """A user with that one role, in Ishøj or Region Hovedstaden unless `code` says otherwise."""
    organisation = organisation_for(role, code)
    user = User.objects.create_user(
        username or f"{role}-{organisation.code}", password="adgang-til-test-1", first_name="Mette", last_name="Holm"
    )
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def actor_with_role(role: Role, code: int | None = None, username: str | None = None) -> Actor:
    """The same person as the actor that services take."""
    membership = user_with_role(role, code, username).memberships.select_related("organisation", "user").get()
    return actor_from_membership(membership)


def client_with_role(role: Role, code: int | None = None, username: str | None = None) -> Client:
    """A browser in which that person is logged in."""
    client = Client()
    client.force_login(user_with_role(role, code, username))
    return client
