"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

FIELDS = {
    "OutboxMessage": {
        "id": Sensitivity.NONE,
        "reference": Sensitivity.NONE,
        "number_sealed": Sensitivity.PERSONAL,
        "number_index": Sensitivity.PERSONAL,
        "body": Sensitivity.SENSITIVE,
        "sender": Sensitivity.NONE,
        "created_at": Sensitivity.NONE,
    },
}
RETENTION = {"OutboxMessage": "outbox"}
