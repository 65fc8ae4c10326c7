"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

_NONE, _STAFF, _SECRET = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.SECRET

FIELDS = {
    "Organisation": dict.fromkeys(["id", "kind", "code", "name", "active"], _NONE),
    "User": {
        **dict.fromkeys(["id", "is_superuser", "is_staff", "is_active", "groups", "user_permissions"], _NONE),
        **dict.fromkeys(
            ["username", "first_name", "last_name", "email", "last_login", "date_joined", "languages"], _STAFF
        ),
        "password": _SECRET,
    },
    "User_groups": dict.fromkeys(["id", "user", "group"], _NONE),
    "User_user_permissions": dict.fromkeys(["id", "user", "permission"], _NONE),
    "Membership": {
        **dict.fromkeys(["id", "organisation", "role"], _NONE),
        **dict.fromkeys(["user", "started_at", "ended_at"], _STAFF),
    },
    "ApiKey": {
        **dict.fromkeys(["id", "membership", "label", "prefix", "created_at", "expires_at", "last_used_at"], _NONE),
        **dict.fromkeys(["created_by_id", "created_by_name", "revoked_by_name", "revoked_at"], _STAFF),
        "key_hash": _SECRET,
    },
}
RETENTION = {"User": "staff", "Membership": "staff", "ApiKey": "staff"}
