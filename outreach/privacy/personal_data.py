"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity, fields_of

FIELDS = {
    "KeyCanary": {
        "id": Sensitivity.NONE,
        "purpose": Sensitivity.NONE,
        "version": Sensitivity.NONE,
        "proof": Sensitivity.NONE,
    },
    "ErasureRun": fields_of(Sensitivity.NONE, "id kind last_run_at last_erased_at last_number total"),
}
RETENTION: dict[str, str] = {}
