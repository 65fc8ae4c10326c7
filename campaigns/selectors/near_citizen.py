"""The sites near a citizen, for every programme they are to be asked about (K5)."""

from datetime import datetime

from outreach.access.actor import Actor
from popup_sites.selectors.nearest import NearSession, nearest_sessions
from registry.models import Citizen, FollowUp


def sessions_near(
    citizen: Citizen, follow_ups: list[FollowUp], *, actor: Actor, now: datetime, limit: int = 3
) -> list[NearSession]:
    """Sessions with room in the follow-ups' programmes, nearest to the citizen's parish point first.

    Empty for a citizen without a parish, because nobody knows what is near. One query per programme.
    """
    parish = citizen.parish
    if parish is None:
        return []
    near = [
        session
        for follow_up in follow_ups
        for session in nearest_sessions(
            latitude=parish.latitude,
            longitude=parish.longitude,
            programme=follow_up.programme,
            now=now,
            actor=actor,
            limit=limit,
        )
    ]
    return sorted(near, key=lambda each: (each.distance_km, each.session.starts_at))[:limit]
