"""The audience of a wave, set-based: counts with their reasons, the people behind a number, examples (S3)."""

from .counting import (
    AudienceCounts,
    NameCount,
    count_audience,
    freeze_audience,
    invited_by_waves,
    people_left_out,
    sample_recipients,
    verdicts,
)
from .query import ON_THEIR_WAY, AudienceQuery, near_parishes
from .sql import statement

__all__ = [
    "ON_THEIR_WAY",
    "AudienceCounts",
    "AudienceQuery",
    "NameCount",
    "count_audience",
    "freeze_audience",
    "invited_by_waves",
    "near_parishes",
    "people_left_out",
    "sample_recipients",
    "statement",
    "verdicts",
]
