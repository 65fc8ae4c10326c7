"""Classification of this app's fields. Who was looked at is personal, so the log stands behind row security."""

from outreach.privacy.classification import Sensitivity

_NONE, _STAFF, _PERSONAL = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

FIELDS = {
    "AccessEvent": {
        **dict.fromkeys(["id", "at", "recorded_at", "action", "municipality_id", "organisation_id", "role"], _NONE),
        **dict.fromkeys(["user_id", "actor_name"], _STAFF),
        **dict.fromkeys(["subject_kind", "subject_id", "purpose", "detail"], _PERSONAL),
    },
}
RETENTION = {"AccessEvent": "access_log"}
