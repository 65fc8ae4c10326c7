"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

FIELDS = {
    "KeyCanary": {
        "id": Sensitivity.NONE,
        "purpose": Sensitivity.NONE,
        "version": Sensitivity.NONE,
        "proof": Sensitivity.NONE,
    },
}
RETENTION: dict[str, str] = {}
