"""Spreadsheets of earlier contacts, and what became of their rows."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF
PERSONAL = Sensitivity.PERSONAL
SENSITIVE = Sensitivity.SENSITIVE

FIELDS = {
    "EarlierContacts": {
        **fields_of(
            NONE,
            "id municipality programme state state_changed_at display_name file_sha256 rows dropped_columns "
            "counts uploaded_at committed_at sender stored_name file_erased_at header mapping mapping_source "
            "column_kinds waits_for leased_until attempts progress error_code error_message padded gates",
        ),
        **fields_of(STAFF, "uploaded_by_id uploaded_by_name committed_by_name padded_by_name"),
    },
    "EarlierContactsChange": {
        **fields_of(NONE, "id file state at note"),
        **fields_of(STAFF, "by_name"),
    },
    "EarlierContactRow": {
        **fields_of(NONE, "id municipality file row_number programme problem_code problem_column warning_code"),
        # The colleague who had spoken with the citizen.
        **fields_of(STAFF, "who"),
        **fields_of(PERSONAL, "phone_ciphertext phone_index birth_date citizen"),
        **fields_of(SENSITIVE, "cpr_ciphertext cpr_index contacted_on kind word outcome barrier note effect"),
    },
    # `word` is vocabulary (answer_words.py): short, without numbers. Free text is not kept (A4).
    "AnswerWord": {
        **fields_of(NONE, "id municipality outcome decided_at"),
        **fields_of(STAFF, "decided_by_name"),
        **fields_of(SENSITIVE, "word"),
    },
    "EarlierContactEffect": {
        **fields_of(NONE, "id municipality file"),
        **fields_of(PERSONAL, "follow_up no_contact_before"),
        **fields_of(SENSITIVE, "before"),
    },
}
RETENTION = {
    "EarlierContacts": "staff_record",
    "EarlierContactsChange": "staff_record",
    "EarlierContactRow": "earlier_contacts",
    "AnswerWord": "vocabulary",
    "EarlierContactEffect": "earlier_contacts",
}
