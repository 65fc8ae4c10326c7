"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

FIELDS = {
    "PeriodicRun": dict.fromkeys(["id", "job", "slot", "claimed_at"], Sensitivity.NONE),
    "Heartbeat": dict.fromkeys(["name", "seen_at"], Sensitivity.NONE),
}
RETENTION: dict[str, str] = {}
