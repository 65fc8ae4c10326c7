"""The roles of domain section 2 and what each may do. Roles are code; memberships are data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .permissions import Permission


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
    Permission.SEE_OVERVIEW,
    Permission.SEE_CITIZENS,
    Permission.SEARCH_CITIZENS,
    Permission.EDIT_CITIZENS,
    Permission.REVEAL_CPR,
    Permission.WORK_CALLS,
    Permission.LOOK_UP_CONTACTS,
    Permission.ANSWER_INBOX,
    Permission.REQUEST_BOOKINGS,
    Permission.SEE_POPUP_SITES,
    Permission.SEE_UPTAKE,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: frozenset(_CASEWORK),
    Role.TEAM_LEAD: frozenset(
        _CASEWORK
        | {
            Permission.SEE_LISTS,
            Permission.APPROVE_LISTS,
            Permission.MANAGE_CALL_QUEUE,
            Permission.SEE_BREACHES,
            Permission.SEE_WORKLOAD,
            Permission.CHECK_QUALITY,
            Permission.SEE_MESSAGES,
            Permission.SEND_WAVES,
            Permission.SEND_LETTERS,
            Permission.MANAGE_POLICIES,
            Permission.EDIT_TEXTS,
            Permission.APPROVE_TEXTS,
            Permission.ACKNOWLEDGE_POPUP_SITES,
            Permission.SEE_STATUS_NOTE,
        }
    ),
    Role.LIST_ADMIN: frozenset(
        {
            Permission.SEE_OVERVIEW,
            Permission.SEE_CITIZENS,
            Permission.SEARCH_CITIZENS,
            Permission.EDIT_CITIZENS,
            Permission.REVEAL_CPR,
            Permission.SEE_LISTS,
            Permission.UPLOAD_LISTS,
            Permission.APPROVE_LISTS,
            Permission.MANAGE_LIST_ORDERS,
            Permission.SEE_POPUP_SITES,
            Permission.ACKNOWLEDGE_POPUP_SITES,
            Permission.SEE_UPTAKE,
            Permission.IMPORT_UPTAKE,
            Permission.SEE_STATUS_NOTE,
            Permission.MANAGE_REFERENCE_DATA,
            Permission.MANAGE_POLICIES,
            Permission.SEE_WORKLOAD,
            Permission.EDIT_TEXTS,
            Permission.MANAGE_API_KEYS,
        }
    ),
    Role.TRANSPORT_PLANNER: frozenset(
        {Permission.SEE_OVERVIEW, Permission.SEE_TRANSPORTED_CITIZENS, Permission.SEE_POPUP_SITES}
    ),
    Role.REGION_PLANNER: frozenset(
        {Permission.SEE_OVERVIEW, Permission.SEE_POPUP_SITES, Permission.PLAN_POPUP_SITES, Permission.SEE_UPTAKE}
    ),
    Role.REGION_BOOKING_DESK: frozenset(
        {Permission.SEE_OVERVIEW, Permission.CONFIRM_BOOKINGS, Permission.SEE_POPUP_SITES}
    ),
    Role.HEALTH_ADVISER: frozenset(
        {
            Permission.SEE_OVERVIEW,
            Permission.SEE_REFERRED_CITIZENS,
            Permission.WORK_HEALTH_DIALOGUES,
            Permission.EDIT_TEXTS,
            Permission.APPROVE_TEXTS,
            Permission.SEE_POPUP_SITES,
        }
    ),
    Role.HOME_CARE_HELPER: frozenset({Permission.SEE_OVERVIEW}),
    Role.VACCINATOR: frozenset({Permission.SEE_OVERVIEW}),
    Role.MANAGER: frozenset(
        {
            Permission.SEE_OVERVIEW,
            Permission.SEE_WORKLOAD,
            Permission.SEE_POPUP_SITES,
            Permission.SEE_UPTAKE,
            Permission.SEE_STATUS_NOTE,
        }
    ),
    Role.NATIONAL_MONITOR: frozenset({Permission.SEE_OVERVIEW, Permission.SEE_UPTAKE}),
    Role.AUDITOR: frozenset({Permission.SEE_OVERVIEW, Permission.SEE_ACCESS_LOG}),
}

# Roles that are set as row-level security's context: everybody else reads no personal table at all.
PERSONAL_PERMISSIONS = frozenset(
    {
        Permission.SEE_CITIZENS,
        Permission.SEE_REFERRED_CITIZENS,
        Permission.SEE_TRANSPORTED_CITIZENS,
        Permission.SEE_ACCESS_LOG,
    }
)
