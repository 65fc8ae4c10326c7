"""Which outcomes a team lead looks at. Pure: nobody can choose, and asking twice gives the same answer (K13)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from .models import PickedBecause

SALT = "campaigns.quality-sample"
PERCENT = 100


@dataclass(frozen=True)
class SampleRule:
    """All of a caller's first `first_outcomes`, and `percent` of the later ones."""

    first_outcomes: int
    percent: int


def picked_because(attempt_id: int, made_before: int, rule: SampleRule, *, key: str) -> PickedBecause | None:
    """Why an outcome is in the sample, or None. `made_before`: outcomes its caller recorded before it.

    The key decides among the later ones: whoever does not know it cannot tell which will be looked at.
    """
    if made_before < rule.first_outcomes:
        return PickedBecause.NEW_CALLER
    return PickedBecause.SAMPLE if _share(attempt_id, key) < rule.percent / PERCENT else None


def _share(attempt_id: int, key: str) -> float:
    """A number from 0 up to 1, evenly spread over attempts."""
    digest = salted_hmac(SALT, str(attempt_id), secret=key, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") / 2**64
