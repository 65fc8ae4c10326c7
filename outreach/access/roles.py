"""The roles of domain section 2 and what each may do. Roles are code; memberships are data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .permissions import Permission as P


class Role(models.TextChoices):
    CASEWORKER = "caseworker", _("Sagsbehandler")
    TEAM_LEAD = "team_lead", _("Teamleder")
    LIST_ADMIN = "list_admin", _("Listeadministrator")
    TRANSPORT_PLANNER = "transport_planner", _("Kørselsplanlægger")
    REGION_PLANNER = "region_planner", _("Regionsplanlægger")
    REGION_BOOKING_DESK = "region_booking_desk", _("Regionens bookingvagt")
    HEALTH_ADVISER = "health_adviser", _("Sundhedsfaglig rådgiver")
    HOME_CARE_HELPER = "home_care_helper", _("Hjælper")
    VACCINATOR = "vaccinator", _("Vaccinatør")
    MANAGER = "manager", _("Leder")
    NATIONAL_MONITOR = "national_monitor", _("SST")
    AUDITOR = "auditor", _("Kontrollant")


_CASEWORK = {
    P.SEE_OVERVIEW,
    P.SEE_CITIZENS,
    P.SEARCH_CITIZENS,
    P.EDIT_CITIZENS,
    P.REVEAL_CPR,
    P.WORK_CALLS,
    P.LOOK_UP_CONTACTS,
    P.SEE_POPUP_SITES,
    P.SEE_UPTAKE,
}

ROLE_PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.CASEWORKER: frozenset(_CASEWORK),
    Role.TEAM_LEAD: frozenset(
        _CASEWORK
        | {
            P.SEE_LISTS,
            P.APPROVE_LISTS,
            P.MANAGE_CALL_QUEUE,
            P.SEE_MESSAGES,
            P.ACKNOWLEDGE_POPUP_SITES,
            P.SEE_STATUS_NOTE,
        }
    ),
    Role.LIST_ADMIN: frozenset(
        {
            P.SEE_OVERVIEW,
            P.SEE_CITIZENS,
            P.SEARCH_CITIZENS,
            P.EDIT_CITIZENS,
            P.REVEAL_CPR,
            P.SEE_LISTS,
            P.UPLOAD_LISTS,
            P.APPROVE_LISTS,
            P.MANAGE_LIST_ORDERS,
            P.SEE_POPUP_SITES,
            P.ACKNOWLEDGE_POPUP_SITES,
            P.SEE_UPTAKE,
            P.IMPORT_UPTAKE,
            P.SEE_STATUS_NOTE,
            P.MANAGE_REFERENCE_DATA,
        }
    ),
    Role.TRANSPORT_PLANNER: frozenset({P.SEE_OVERVIEW, P.SEE_TRANSPORTED_CITIZENS, P.SEE_POPUP_SITES}),
    Role.REGION_PLANNER: frozenset({P.SEE_OVERVIEW, P.SEE_POPUP_SITES, P.PLAN_POPUP_SITES, P.SEE_UPTAKE}),
    Role.REGION_BOOKING_DESK: frozenset({P.SEE_OVERVIEW, P.SEE_POPUP_SITES}),
    Role.HEALTH_ADVISER: frozenset({P.SEE_OVERVIEW, P.SEE_REFERRED_CITIZENS, P.SEE_POPUP_SITES}),
    Role.HOME_CARE_HELPER: frozenset({P.SEE_OVERVIEW}),
    Role.VACCINATOR: frozenset({P.SEE_OVERVIEW}),
    Role.MANAGER: frozenset({P.SEE_OVERVIEW, P.SEE_POPUP_SITES, P.SEE_UPTAKE, P.SEE_STATUS_NOTE}),
    Role.NATIONAL_MONITOR: frozenset({P.SEE_OVERVIEW, P.SEE_UPTAKE}),
    Role.AUDITOR: frozenset({P.SEE_OVERVIEW, P.SEE_ACCESS_LOG}),
}

# Roles that are set as row-level security's context: everybody else reads no personal table at all.
PERSONAL_PERMISSIONS = frozenset(
    {P.SEE_CITIZENS, P.SEE_REFERRED_CITIZENS, P.SEE_TRANSPORTED_CITIZENS, P.SEE_ACCESS_LOG}
)
