"""Calls, answers and talks. Who was called, and what was said, is health information in this context."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF
PERSONAL = Sensitivity.PERSONAL
SENSITIVE = Sensitivity.SENSITIVE

FIELDS = {
    "ContactAttempt": {
        **fields_of(
            NONE,
            "id municipality by_user_id by_name call_task nonresponder_list earlier_contacts undone_at undone_by_name",
        ),
        **fields_of(
            PERSONAL,
            "citizen kind at phone spoke_with spoke_with_name minutes lookup_result lookup_places",
        ),
        **fields_of(SENSITIVE, "interpreter_language note before"),
    },
    "ContactAnswer": {
        **fields_of(NONE, "id municipality"),
        **fields_of(PERSONAL, "attempt follow_up next_step_at"),
        **fields_of(
            SENSITIVE,
            "outcome barrier next_step_kind next_step_reason session booked_at booked_place needs wishes before",
        ),
    },
    "CallTask": {
        **fields_of(
            NONE,
            "id municipality state due_at priority deadline promised_by_user_id claimed_at claimed_by "
            "claimed_until assigned_to created_at closed_at",
        ),
        **fields_of(PERSONAL, "citizen household_key agreed_time attempts tried_part"),
        **fields_of(SENSITIVE, "language"),
    },
    "CallTaskChange": {
        **fields_of(
            NONE,
            "id municipality batch kind at by_user_id assigned_before assigned_after claimed_before "
            "claimed_until_before undone_at",
        ),
        **fields_of(STAFF, "by_name"),
        **fields_of(PERSONAL, "task"),
    },
    "LookupClaim": {
        **fields_of(NONE, "id municipality claimed_by claimed_until"),
        **fields_of(PERSONAL, "citizen"),
    },
    "HealthDialogue": {
        **fields_of(NONE, "id municipality attempt state claimed_by claimed_until"),
        **fields_of(STAFF, "referred_by_name"),
        **fields_of(PERSONAL, "citizen referred_at due_at agreed_time tries closed_at"),
        **fields_of(SENSITIVE, "topic worry"),
    },
    "HealthTalk": {
        **fields_of(NONE, "id municipality attempt"),
        **fields_of(PERSONAL, "dialogue"),
        **fields_of(SENSITIVE, "outcome health_note"),
    },
    "QualityCheck": {
        **fields_of(NONE, "id municipality picked_at because checked_at checked_by_id followed_up_at seen_at"),
        **fields_of(NONE, "follow_up_due"),
        **fields_of(STAFF, "follow_up_user follow_up_name"),
        **fields_of(STAFF, "caller_id caller_name verdict checked_by_name followed_up_by_name"),
        # About how the caller spoke, for the caller.
        **fields_of(STAFF, "comment"),
        **fields_of(PERSONAL, "attempt"),
    },
    "QualitySettings": {
        **fields_of(NONE, "municipality first_outcomes percent changed_at"),
        **fields_of(STAFF, "changed_by_name"),
    },
}
RETENTION = {
    "ContactAttempt": "contact",
    "ContactAnswer": "contact",
    "CallTask": "contact",
    "CallTaskChange": "contact",
    "LookupClaim": "lookup_claim",
    "HealthDialogue": "health_talk",
    "HealthTalk": "health_talk",
    "QualityCheck": "contact",
    "QualitySettings": "staff_record",
}
