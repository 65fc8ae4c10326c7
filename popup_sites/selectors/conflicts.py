"""Is the site or the team taken at that time (P3)? Said as a sentence that names the other session."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from ..local_times import hours_text
from ..models import PopupSite, SessionStatus, VaccinationSession, VaccinationTeam


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another session that overlaps in time. `code` is `site_is_taken` or `team_is_elsewhere`."""

    code: str
    other: VaccinationSession

    def sentence(self) -> str:
        """What is in the way, and what to do, in Danish or English."""
        words = {
            "site": self.other.site.name,
            "when": hours_text(self.other.starts_at, self.other.ends_at, with_year=True),
            "team": self.other.team.name if self.other.team else "",
        }
        if self.code == "site_is_taken":
            return _("%(site)s har allerede åbent %(when)s. Vælg en tid, der ikke overlapper.") % words
        return _("Holdet »%(team)s« er allerede på %(site)s %(when)s. Vælg et andet hold eller en anden tid.") % words


def find_conflict(
    *,
    site: PopupSite,
    team: VaccinationTeam | None,
    starts_at: datetime,
    ends_at: datetime,
    except_id: int | None = None,
) -> Conflict | None:
    """The first session that overlaps [starts_at, ends_at) at the site or with the team, or None.

    Hours that only touch do not overlap. A cancelled session takes no time.
    """
    taken = Q(site=site)
    if team is not None:
        taken |= Q(team=team)
    overlapping = VaccinationSession.objects.filter(taken, starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(
        status=SessionStatus.CANCELLED
    )
    if except_id is not None:
        overlapping = overlapping.exclude(pk=except_id)
    other = overlapping.select_related("site", "team").order_by("starts_at").first()
    if other is None:
        return None
    return Conflict("site_is_taken" if other.site_id == site.pk else "team_is_elsewhere", other)
