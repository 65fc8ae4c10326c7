"""The tables of pop-up sites."""

from .sites import (
    PopupSite,
    SessionNotice,
    SessionStatus,
    SiteKind,
    VaccinationSession,
    VaccinationTeam,
)

__all__ = [
    "PopupSite",
    "SessionNotice",
    "SessionStatus",
    "SiteKind",
    "VaccinationSession",
    "VaccinationTeam",
]
