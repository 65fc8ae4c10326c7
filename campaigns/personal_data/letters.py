"""Texts, and the letters made of them."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF
PERSONAL = Sensitivity.PERSONAL
SENSITIVE = Sensitivity.SENSITIVE

FIELDS = {
    "MessageTemplate": {
        **fields_of(
            NONE,
            "id municipality language version written_at approved_at withdrawn_at note code body content_class",
        ),
        **fields_of(STAFF, "written_by_id written_by_name approved_by_id approved_by_name withdrawn_by_name"),
    },
    "CallScript": {
        **fields_of(
            NONE,
            "id municipality language version written_at approved_at withdrawn_at note programme opening further "
            "closing answers",
        ),
        **fields_of(STAFF, "written_by_id written_by_name approved_by_id approved_by_name withdrawn_by_name"),
    },
    "LetterText": {
        **fields_of(
            NONE,
            "id municipality language version written_at approved_at withdrawn_at note code title body",
        ),
        **fields_of(STAFF, "written_by_id written_by_name approved_by_id approved_by_name withdrawn_by_name"),
    },
    "MessagePrice": {
        **fields_of(NONE, "id municipality gateway valid_from ore_per_segment set_at"),
        **fields_of(STAFF, "set_by_name"),
    },
    "LetterSender": fields_of(NONE, "id municipality unit address postal_code city cvr"),
    "LetterBatch": {
        **fields_of(
            NONE,
            "id municipality state state_changed_at created_at asked_as letters_made leased_until attempts "
            "error_code paper_file digital_file files_erased_at",
        ),
        **fields_of(STAFF, "created_by_id created_by_name"),
    },
    "LetterBatchChange": {
        **fields_of(NONE, "id municipality batch state at note"),
        **fields_of(STAFF, "by_name"),
    },
    "Letter": {
        **fields_of(NONE, "id municipality batch position channel text"),
        **fields_of(STAFF, "released_by_name returned_by_name"),
        **fields_of(PERSONAL, "citizen state taken_out_reason returned_at"),
        **fields_of(SENSITIVE, "release_reason"),
    },
}
RETENTION = {
    "MessageTemplate": "staff_record",
    "CallScript": "staff_record",
    "LetterText": "staff_record",
    "MessagePrice": "staff_record",
    "LetterBatch": "staff_record",
    "LetterBatchChange": "staff_record",
    "Letter": "letter",
}
