"""The page frame around every page: who works here as what, where they can go, and how much waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.selectors import booking_desk, bookings, lookups, quality, queue
from campaigns.selectors.dialogues import dialogue_counts
from campaigns.selectors.inbox import unread_replies
from campaigns.selectors.letters import batches_waiting
from campaigns.selectors.message_page import message_counts
from campaigns.selectors.waves import waves_awaiting
from outreach.access.actor import Actor
from outreach.access.data_context import current_actor
from outreach.access.permissions import Permission
from outreach.clock.services import demo_time
from outreach.design.formats import day_month, time_da
from outreach.design.frame import Frame, NavGroup, NavItem, RoleChoice, initials_of
from outreach.release import release
from popup_sites.selectors import notices_waiting
from registry.models import ListState, NonresponderList
from registry.selectors.citizen_differences import open_differences

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class _Place:
    """One entry of the menu: shown to those who have the permission."""

    label: StrOrPromise
    url_name: str
    permission: Permission
    # Where its pages begin, when that is not its own address.
    prefix: str = ""
    # Shown to nobody with this permission: they come by another way.
    unless: Permission | None = None

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor's menu has it."""
        return actor.may(self.permission) and not (self.unless and actor.may(self.unless))


_MENU: list[tuple[StrOrPromise, list[_Place]]] = [
    (
        "",
        [
            _Place(_("Overblik"), "reports:overview", Permission.SEE_OVERVIEW),
            _Place(_("Opkald"), "campaigns:next_citizen", Permission.WORK_CALLS, prefix="/opkald/"),
            _Place(_("Ring tilbage"), "campaigns:ring_back", Permission.WORK_CALLS),
            _Place(_("Indbakke"), "campaigns:inbox", Permission.ANSWER_INBOX),
            _Place(_("Mangler nummer"), "campaigns:lookups", Permission.LOOK_UP_CONTACTS),
            _Place(_("Fagsamtaler"), "campaigns:dialogues", Permission.WORK_HEALTH_DIALOGUES),
            _Place(_("Ny sag"), "registry:case_new", Permission.WORK_CALLS),
        ],
    ),
    (
        _("Tider og steder"),
        [
            _Place(_("Bookingønsker"), "campaigns:bookings", Permission.REQUEST_BOOKINGS),
            _Place(_("Bookinger"), "campaigns:desk_queue", Permission.CONFIRM_BOOKINGS),
            _Place(_("Pop-up-steder"), "popup_sites:site_index", Permission.SEE_POPUP_SITES),
        ],
    ),
    (
        _("Udsend"),
        [
            _Place(_("SMS"), "campaigns:waves", Permission.SEE_MESSAGES),
            _Place(_("Breve"), "campaigns:letters", Permission.SEND_LETTERS),
        ],
    ),
    (
        _("Led arbejdet"),
        [
            _Place(_("Opkaldskø"), "campaigns:queue", Permission.MANAGE_CALL_QUEUE),
            _Place(_("Frister"), "campaigns:breaches", Permission.SEE_BREACHES),
            _Place(_("Kvalitet"), "campaigns:quality", Permission.CHECK_QUALITY),
            _Place(_("Arbejdsmængde"), "campaigns:workload", Permission.SEE_WORKLOAD),
        ],
    ),
    (
        _("Lister og borgere"),
        [
            _Place(_("Lister"), "registry:list_index", Permission.SEE_LISTS),
            _Place(_("Listebestillinger"), "registry:list_orders", Permission.MANAGE_LIST_ORDERS),
            _Place(_("Egne udvalg"), "registry:selection_index", Permission.SEE_LISTS),
            _Place(_("Indlæs borgere"), "registry:citizen_import", Permission.UPLOAD_LISTS),
            _Place(_("Forskelle"), "registry:citizen_differences", Permission.EDIT_CITIZENS),
            _Place(_("Tidligere svar"), "campaigns:earlier_contacts", Permission.UPLOAD_LISTS),
        ],
    ),
    (
        _("Følg"),
        [
            _Place(_("Tilslutning"), "reports:uptake", Permission.SEE_UPTAKE),
            _Place(_("Statusnotat"), "reports:status_note", Permission.SEE_STATUS_NOTE),
            _Place(
                _("Tilbagemeldinger"), "campaigns:quality_mine", Permission.WORK_CALLS, unless=Permission.CHECK_QUALITY
            ),
        ],
    ),
    (
        _("Administration"),
        [
            _Place(_("Tekster"), "campaigns:texts", Permission.EDIT_TEXTS),
            _Place(_("Kontaktplan"), "campaigns:policies", Permission.MANAGE_POLICIES),
            _Place(_("Stamdata"), "registry:reference_index", Permission.MANAGE_REFERENCE_DATA),
            _Place(_("API-nøgler"), "access:api_keys", Permission.MANAGE_API_KEYS),
            _Place(_("Adgangslog"), "audit:access_log", Permission.SEE_ACCESS_LOG),
            _Place(_("Indsigt"), "campaigns:insight", Permission.SEE_ACCESS_LOG),
            _Place(_("Opbevaring og sletning"), "audit:retention", Permission.SEE_ACCESS_LOG),
        ],
    ),
]


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor behind base.html. Empty for strangers and for error pages outside a data context."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    newest = _newest_list(actor)
    return {
        "frame": Frame(
            organisation_name=actor.organisation_name,
            role_name=actor.role.label,
            user_name=actor.name,
            user_initials=initials_of(actor.name),
            memberships=_role_choices(request, actor),
            nav_groups=_nav_groups(request, actor, newest),
            list_status=_list_status(newest),
            list_status_url=_list_url(actor, newest),
            search_url=reverse("campaigns:search") if actor.may(Permission.SEARCH_CITIZENS) else None,
            switch_role_url=reverse("access:switch_role"),
            log_out_url=reverse("account_logout"),
            demo_time=demo_time(),
            version=release(),
        )
    }


def _role_choices(request: HttpRequest, actor: Actor) -> list[RoleChoice]:
    return [
        RoleChoice(
            value=str(membership.id),
            organisation_name=membership.organisation.name,
            role_name=membership.get_role_display(),
            current=membership.role == actor.role and membership.organisation_id == actor.organisation_id,
        )
        for membership in request.memberships  # type: ignore[attr-defined]
    ]


def _nav_groups(request: HttpRequest, actor: Actor, newest: NonresponderList | None) -> list[NavGroup]:
    counts = _counts(request, actor)
    open_to_actor = [(label, [place for place in places if place.open_to(actor)]) for label, places in _MENU]
    # The longest beginning of the page's own address: a list order lies under the lists, and is not one.
    begins = {
        place.prefix or reverse(place.url_name): place.url_name for _, places in open_to_actor for place in places
    }
    if "registry:list_orders" in begins.values():  # drafted from the uptake, and still an order
        begins[reverse("reports:list_order_draft")] = "registry:list_orders"
    if "campaigns:bookings" in begins.values():  # what hangs on the booked times
        begins[reverse("campaigns:chains")] = "campaigns:bookings"
    inside = [beginning for beginning in begins if request.path.startswith(beginning) and beginning != "/"]
    current = begins.get(max(inside, key=len, default=request.path), "")
    return [
        NavGroup(label=str(label), items=[_nav_item(place, current, counts, newest) for place in places])
        for label, places in open_to_actor
        if places
    ]


def _nav_item(place: _Place, current: str, counts: dict[str, int], newest: NonresponderList | None) -> NavItem:
    url = reverse(place.url_name)
    week = gettext("uge %(week)s") % {"week": newest.as_of.isocalendar().week} if newest else ""
    return NavItem(
        label=str(place.label),
        url=url,
        key=place.url_name,
        count=counts.get(place.url_name),
        urgent=place.url_name == "campaigns:next_citizen",
        active=place.url_name == current,
        note=week if place.url_name == "registry:list_index" else "",
    )


def _counts(request: HttpRequest, actor: Actor) -> dict[str, int]:
    """How much waits behind each entry; nothing outside a data context, where every count would be a false zero."""
    if current_actor() is None:
        return {}
    now = request.now  # type: ignore[attr-defined]
    counts = {}
    if actor.may(Permission.WORK_CALLS):
        counts["campaigns:next_citizen"] = queue.counts(actor, now).due
    if actor.may(Permission.ANSWER_INBOX):
        counts["campaigns:inbox"] = unread_replies(actor)
    if actor.may(Permission.CHECK_QUALITY):
        counts["campaigns:quality"] = quality.waiting_checks(actor).count()
    if actor.may(Permission.WORK_CALLS):
        counts["campaigns:quality_mine"] = quality.unread_feedback(actor) + quality.tasks_given(actor)
    if actor.may(Permission.LOOK_UP_CONTACTS):
        counts["campaigns:lookups"] = lookups.waiting(actor).order_by().values("citizen_id").distinct().count()
    if actor.may(Permission.WORK_HEALTH_DIALOGUES):
        counts["campaigns:dialogues"] = dialogue_counts(actor, now).due
    if actor.may(Permission.EDIT_CITIZENS):
        counts["registry:citizen_differences"] = open_differences(actor).order_by().count()
    if actor.may(Permission.REQUEST_BOOKINGS):
        to_agree = bookings.links_to_agree(actor, mine=True).order_by().count()
        counts["campaigns:bookings"] = bookings.counts(actor, now).for_a_person + to_agree
    if actor.may(Permission.CONFIRM_BOOKINGS):
        counts["campaigns:desk_queue"] = booking_desk.queue(actor).order_by().count()
    if actor.may(Permission.SEE_MESSAGES):
        counts["campaigns:waves"] = message_counts(actor).get("in_doubt", 0) + waves_awaiting(actor)
    if actor.may(Permission.SEND_LETTERS):
        counts["campaigns:letters"] = batches_waiting(actor)
    if actor.may(Permission.ACKNOWLEDGE_POPUP_SITES):
        counts["popup_sites:site_index"] = len(notices_waiting(actor, now))
    return counts


def _newest_list(actor: Actor) -> NonresponderList | None:
    """The list these days' work comes from; who calls sees its week too, though not its rows."""
    if not (actor.may(Permission.SEE_LISTS) or actor.may(Permission.WORK_CALLS)):
        return None
    lists = NonresponderList.objects.filter(municipality_id__in=actor.municipality_codes)
    return lists.filter(state=ListState.COMMITTED).order_by("-as_of", "-id").first()


def _list_url(actor: Actor, newest: NonresponderList | None) -> str:
    return reverse("registry:list_detail", args=[newest.pk]) if newest and actor.may(Permission.SEE_LISTS) else ""


def _list_status(newest: NonresponderList | None) -> str:
    if newest is None or newest.committed_at is None:
        return ""
    return gettext("Uge %(week)s · liste indlæst %(day)s kl. %(clock)s") % {
        "week": newest.as_of.isocalendar().week,
        "day": day_month(newest.committed_at),
        "clock": time_da(timezone.localtime(newest.committed_at)),
    }
