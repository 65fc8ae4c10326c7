"""Sessions as the pages show them: upcoming, past, this week, and of one site."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef

from outreach.access.actor import Actor
from registry.models import Municipality

from ..local_times import local_day, local_moment
from ..models import PopupSite, SessionStatus, VaccinationSession
from ..models.sites import PopupSiteQuerySet, VaccinationSessionQuerySet


def _for_pages(actor: Actor) -> VaccinationSessionQuerySet:
    """What the actor sees, with everything a row of a page needs: two queries, however many rows."""
    return (
        VaccinationSession.objects.visible_to(actor)
        .select_related("site__municipality", "site__region", "programme", "team", "second_round", "second_round_of")
        .prefetch_related("notices")
    )


def upcoming_sessions(
    actor: Actor, now: datetime, municipality: Municipality | None = None
) -> VaccinationSessionQuerySet:
    """Sessions that are not over, cancelled ones included, soonest first."""
    sessions = _for_pages(actor).not_over(now)
    if municipality is not None:
        sessions = sessions.filter(site__municipality=municipality)
    return sessions.order_by("starts_at", "site__name", "id")


def past_sessions(actor: Actor, now: datetime, municipality: Municipality | None = None) -> VaccinationSessionQuerySet:
    """Sessions that are over, newest first."""
    sessions = _for_pages(actor).filter(ends_at__lte=now)
    if municipality is not None:
        sessions = sessions.filter(site__municipality=municipality)
    return sessions.order_by("-starts_at", "site__name", "id")


def sessions_of_site(actor: Actor, site: PopupSite) -> VaccinationSessionQuerySet:
    """Every session at one site the actor sees, soonest first."""
    return _for_pages(actor).filter(site=site).prefetch_related("status_changes").order_by("starts_at", "id")


def sessions_this_week(actor: Actor, now: datetime) -> list[VaccinationSession]:
    """Published sessions that are not over and begin before this week's Sunday is over, soonest first.

    Each row carries `site`, `site.municipality`, `programme`, `team` and `notices` without further queries.
    """
    today = local_day(now)
    next_monday = local_moment(today + timedelta(days=7 - today.weekday()), time(0))
    return list(upcoming_sessions(actor, now).filter(status=SessionStatus.PUBLISHED, starts_at__lt=next_monday))


def sites_without_sessions_ahead(
    actor: Actor, now: datetime, municipality: Municipality | None = None
) -> PopupSiteQuerySet:
    """Sites where the actor sees nothing coming up, by name: here the next step is to plan."""
    ahead = VaccinationSession.objects.visible_to(actor).not_over(now).exclude(status=SessionStatus.CANCELLED)
    sites = PopupSite.objects.visible_to(actor).exclude(Exists(ahead.filter(site=OuterRef("pk"))))
    if municipality is not None:
        sites = sites.filter(municipality=municipality)
    return sites.select_related("municipality").order_by("name", "id")
