"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

FIELDS = {"StoredClock": dict.fromkeys(["id", "shown_time", "resumed_at"], Sensitivity.NONE)}
RETENTION: dict[str, str] = {}
