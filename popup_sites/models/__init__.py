"""The tables of pop-up sites."""

from .sites import (
    NoticeKind,
    PopupSite,
    SessionNotice,
    SessionStatus,
    SessionStatusChange,
    SiteKind,
    VaccinationSession,
    VaccinationTeam,
)

__all__ = [
    "NoticeKind",
    "PopupSite",
    "SessionNotice",
    "SessionStatus",
    "SessionStatusChange",
    "SiteKind",
    "VaccinationSession",
    "VaccinationTeam",
]
