"""Messages by SMS, waves, and the replies to them."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF
PERSONAL = Sensitivity.PERSONAL
SENSITIVE = Sensitivity.SENSITIVE

FIELDS = {
    "SmsMessage": {
        **fields_of(
            NONE,
            "id municipality wave template encoding segments status status_at not_before expires_at queued_at "
            "attempts handed_over_at gateway error_code error_text step_key",
        ),
        **fields_of(
            PERSONAL,
            "citizen follow_up phone number_ciphertext number_index purpose status_reason gateway_id again_of",
        ),
        **fields_of(SENSITIVE, "body language"),
    },
    "SmsStatusChange": {
        **fields_of(NONE, "id municipality status at note"),
        **fields_of(PERSONAL, "message"),
    },
    "SmsWave": {
        **fields_of(
            NONE,
            "id municipality programme name template_code missing_text filter session starts_at per_minute "
            "expires_at hold_out_percent no_room_reason state state_at version preview texts decided_at "
            "created_at queued_at finished_at results",
        ),
        **fields_of(STAFF, "made_by_name made_by_ids decided_by_id decided_by_name"),
    },
    "SmsWaveChange": {
        **fields_of(NONE, "id wave state at note"),
        **fields_of(STAFF, "by_name"),
    },
    "SmsWaveRecipient": {
        **fields_of(NONE, "id municipality wave position queued"),
        **fields_of(PERSONAL, "citizen follow_up held_out left_out"),
        **fields_of(SENSITIVE, "language"),
    },
    "WaveSettings": {
        **fields_of(NONE, "id municipality second_person expected_percent off_asked_at"),
        **fields_of(STAFF, "off_asked_by_id off_asked_by_name"),
    },
    "Conversation": {
        **fields_of(NONE, "id municipality state unread opened_at last_reply_at held_until done_at"),
        **fields_of(STAFF, "held_by assigned_to done_by_name"),
        **fields_of(PERSONAL, "number_ciphertext number_index citizen"),
        **fields_of(SENSITIVE, "suggestion"),
    },
    "InboundMessage": {
        **fields_of(NONE, "id municipality media received_at"),
        **fields_of(STAFF, "act_by_name"),
        **fields_of(PERSONAL, "conversation gateway_id"),
        **fields_of(SENSITIVE, "body kind act"),
    },
    "OptOut": {
        **fields_of(NONE, "id municipality by_name earlier_contacts"),
        **fields_of(PERSONAL, "number_index since source"),
    },
}
RETENTION = {
    "SmsMessage": "message",
    "SmsStatusChange": "message",
    "SmsWave": "staff_record",
    "SmsWaveChange": "staff_record",
    "SmsWaveRecipient": "wave",
    "WaveSettings": "staff_record",
    "Conversation": "conversation",
    "InboundMessage": "conversation",
    "OptOut": "opt_out",
}
