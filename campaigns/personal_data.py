"""Classification of this app's fields. Who was called, and what was said, is health information in this context."""

from outreach.privacy.classification import Sensitivity

NONE, STAFF, PERSONAL, SENSITIVE = (
    Sensitivity.NONE,
    Sensitivity.STAFF,
    Sensitivity.PERSONAL,
    Sensitivity.SENSITIVE,
)


def _fields(sensitivity: Sensitivity, names: str) -> dict[str, Sensitivity]:
    return dict.fromkeys(names.split(), sensitivity)


TEXT_VERSION = {
    **_fields(NONE, "id municipality language version written_at approved_at withdrawn_at note"),
    **_fields(STAFF, "written_by_id written_by_name approved_by_id approved_by_name withdrawn_by_name"),
}

FIELDS = {
    "ContactPolicy": {"id": NONE, "programme": NONE, "municipality": NONE, "name": NONE, "quiet_gap_hours": NONE},
    "ContactPolicyStep": {
        "id": NONE,
        "policy": NONE,
        "position": NONE,
        "kind": NONE,
        "delay_days": NONE,
        "attempts": NONE,
        "retry_days": NONE,
        "hours": NONE,
    },
    "ContactSettings": _fields(NONE, "id municipality opens closes sundays holidays messages_per_minute"),
    "ContactPlanChange": {
        **_fields(NONE, "id municipality programme at before after"),
        **_fields(STAFF, "by_user_id by_name"),
    },
    "ContactPoint": {"id": NONE, "municipality": NONE, "phone": NONE, "sms_sender": NONE},
    "MessageTemplate": {**TEXT_VERSION, **_fields(NONE, "code body content_class")},
    "CallScript": {**TEXT_VERSION, **_fields(NONE, "programme opening further closing answers")},
    "LetterText": {**TEXT_VERSION, **_fields(NONE, "code title body")},
    "MessagePrice": {
        **_fields(NONE, "id municipality gateway valid_from ore_per_segment set_at"),
        **_fields(STAFF, "set_by_name"),
    },
    "LookupClaim": {
        "id": NONE,
        "municipality": NONE,
        "citizen": PERSONAL,
        "claimed_by": NONE,
        "claimed_until": NONE,
    },
    "CallTask": {
        "id": NONE,
        "municipality": NONE,
        "citizen": PERSONAL,
        "household_key": PERSONAL,
        "state": NONE,
        "due_at": NONE,
        "agreed_time": PERSONAL,
        "priority": NONE,
        "deadline": NONE,
        "language": SENSITIVE,
        "attempts": PERSONAL,
        "tried_part": PERSONAL,
        "promised_by_user_id": NONE,
        "claimed_at": NONE,
        "claimed_by": NONE,
        "claimed_until": NONE,
        "assigned_to": NONE,
        "created_at": NONE,
        "closed_at": NONE,
    },
    "ContactAttempt": {
        "id": NONE,
        "municipality": NONE,
        "citizen": PERSONAL,
        "kind": PERSONAL,
        "at": PERSONAL,
        "by_user_id": NONE,
        "by_name": NONE,
        "phone": PERSONAL,
        "spoke_with": PERSONAL,
        "spoke_with_name": PERSONAL,
        "interpreter_language": SENSITIVE,
        "minutes": PERSONAL,
        "lookup_result": PERSONAL,
        "lookup_places": PERSONAL,
        "note": SENSITIVE,
        "call_task": NONE,
        "nonresponder_list": NONE,
        "earlier_contacts": NONE,
        "undone_at": NONE,
        "undone_by_name": NONE,
        "before": SENSITIVE,
    },
    "HealthDialogue": {
        **_fields(NONE, "id municipality attempt state claimed_by claimed_until"),
        **_fields(STAFF, "referred_by_name"),
        **_fields(PERSONAL, "citizen referred_at due_at agreed_time tries closed_at"),
        **_fields(SENSITIVE, "topic worry"),
    },
    "HealthTalk": {
        **_fields(NONE, "id municipality attempt"),
        **_fields(PERSONAL, "dialogue"),
        **_fields(SENSITIVE, "outcome health_note"),
    },
    "ContactAnswer": {
        "id": NONE,
        "municipality": NONE,
        "attempt": PERSONAL,
        "follow_up": PERSONAL,
        "outcome": SENSITIVE,
        "barrier": SENSITIVE,
        "next_step_kind": SENSITIVE,
        "next_step_at": PERSONAL,
        "next_step_reason": SENSITIVE,
        **_fields(SENSITIVE, "session booked_at booked_place needs wishes"),
        "before": SENSITIVE,
    },
    "SmsMessage": {
        "id": NONE,
        "municipality": NONE,
        "citizen": PERSONAL,
        "follow_up": PERSONAL,
        "phone": PERSONAL,
        "wave": NONE,
        "number_ciphertext": PERSONAL,
        "number_index": PERSONAL,
        "template": NONE,
        "purpose": PERSONAL,
        "body": SENSITIVE,
        "language": SENSITIVE,
        "encoding": NONE,
        "segments": NONE,
        "status": NONE,
        "status_at": NONE,
        "status_reason": PERSONAL,
        "not_before": NONE,
        "expires_at": NONE,
        "queued_at": NONE,
        "attempts": NONE,
        "handed_over_at": NONE,
        "gateway": NONE,
        "gateway_id": PERSONAL,
        "error_code": NONE,
        "error_text": NONE,
        "step_key": NONE,
        "again_of": PERSONAL,
    },
    "SmsWave": {
        **_fields(
            NONE,
            "id municipality programme name template_code missing_text filter session starts_at per_minute expires_at "
            "hold_out_percent no_room_reason state state_at version preview texts decided_at created_at queued_at "
            "finished_at",
        ),
        **_fields(STAFF, "made_by_name made_by_ids decided_by_id decided_by_name"),
    },
    "SmsWaveChange": {**_fields(NONE, "id wave state at note"), **_fields(STAFF, "by_name")},
    "SmsWaveRecipient": {
        **_fields(NONE, "id municipality wave position queued"),
        **_fields(PERSONAL, "citizen follow_up held_out left_out"),
        **_fields(SENSITIVE, "language"),
    },
    "WaveSettings": _fields(NONE, "id municipality second_person expected_percent"),
    "SmsStatusChange": {
        "id": NONE,
        "municipality": NONE,
        "message": PERSONAL,
        "status": NONE,
        "at": NONE,
        "note": NONE,
    },
    "OptOut": {
        "id": NONE,
        "municipality": NONE,
        "number_index": PERSONAL,
        "since": PERSONAL,
        "source": PERSONAL,
        "by_name": NONE,
        "earlier_contacts": NONE,
    },
    "EarlierContacts": {
        **_fields(
            NONE,
            "id municipality programme state state_changed_at display_name file_sha256 rows dropped_columns counts "
            "uploaded_at committed_at sender stored_name file_erased_at header mapping mapping_source column_kinds "
            "waits_for leased_until attempts progress error_code error_message padded gates",
        ),
        **_fields(STAFF, "uploaded_by_id uploaded_by_name committed_by_name padded_by_name"),
    },
    "EarlierContactsChange": {**_fields(NONE, "id file state at note"), **_fields(STAFF, "by_name")},
    "EarlierContactRow": {
        **_fields(NONE, "id municipality file row_number programme problem_code problem_column warning_code"),
        **_fields(PERSONAL, "phone_ciphertext phone_index birth_date who citizen"),
        **_fields(SENSITIVE, "cpr_ciphertext cpr_index contacted_on kind word outcome barrier note effect"),
    },
    # `word` is vocabulary (answer_words.py): short, without numbers. Free text is not kept (A4).
    "AnswerWord": {
        **_fields(NONE, "id municipality outcome decided_at"),
        **_fields(STAFF, "decided_by_name"),
        **_fields(SENSITIVE, "word"),
    },
    "EarlierContactEffect": {
        **_fields(NONE, "id municipality file"),
        **_fields(PERSONAL, "follow_up no_contact_before"),
        **_fields(SENSITIVE, "before"),
    },
    # The route holds no personal data: the desk's queue is read without a municipality in context (K11).
    "BookingRoute": {
        **_fields(NONE, "request region municipality task programme_names opened_at answer_due"),
        **_fields(NONE, "claimed_until closed_at"),
        **_fields(STAFF, "claimed_by answered_by"),
    },
    "BookingRequest": {
        **_fields(NONE, "id municipality sent_at answer_due state_at own"),
        **_fields(STAFF, "requested_by_id requested_by_name told_by_name"),
        **_fields(PERSONAL, "citizen chain attempt after state told_at told_how confirm_to"),
        **_fields(
            SENSITIVE,
            "dose not_before days times wanted_session wanted_place mobility needs_escort needs_ride "
            "needs_interpreter has_guardian note booked_at place session holds_place vaccine refusal answer_note",
        ),
    },
    "BookingProgramme": {
        **_fields(NONE, "id municipality running"),
        **_fields(PERSONAL, "request citizen follow_up"),
        **_fields(SENSITIVE, "programme"),
    },
    "BookingChange": {
        **_fields(NONE, "id municipality at from_state to_state"),
        **_fields(STAFF, "by_name"),
        **_fields(PERSONAL, "request"),
        **_fields(SENSITIVE, "reason booked_at place"),
    },
    "BookingReminder": {
        **_fields(NONE, "id municipality at kind"),
        **_fields(STAFF, "by_name"),
        **_fields(PERSONAL, "request booked_at message"),
    },
    "BookingSettings": {**_fields(NONE, "municipality days_before hour evening_before")},
    "CareChain": {
        **_fields(NONE, "id municipality created_at closed_at"),
        **_fields(STAFF, "caseworker caseworker_name"),
        **_fields(PERSONAL, "citizen"),
    },
    "ChainLink": {
        **_fields(NONE, "id municipality offset_minutes updated_at"),
        **_fields(PERSONAL, "chain request state at agreed_for provider provider_name pick_up"),
        **_fields(SENSITIVE, "kind aids note"),
    },
    "ChainChange": {
        **_fields(NONE, "id municipality event at"),
        **_fields(STAFF, "by_name to_name"),
        **_fields(PERSONAL, "chain moment"),
        **_fields(SENSITIVE, "link_kind"),
    },
}
RETENTION = {
    **dict.fromkeys(("BookingRequest", "BookingProgramme", "BookingChange", "BookingReminder"), "contact"),
    **dict.fromkeys(("BookingRoute", "CareChain", "ChainLink", "ChainChange"), "contact"),
    "CallTask": "contact",
    "LookupClaim": "contact",
    "ContactAttempt": "contact",
    "ContactAnswer": "contact",
    "HealthDialogue": "contact",
    "HealthTalk": "contact",
    "SmsMessage": "message",
    "SmsStatusChange": "message",
    "SmsWaveRecipient": "message",
    # PH11: an opt-out outlives every import; it is kept while the installation sends messages.
    "OptOut": "opt_out",
    "EarlierContacts": "list",
    "EarlierContactsChange": "list",
    "EarlierContactRow": "list_row",
    "AnswerWord": "list",
    "EarlierContactEffect": "contact",
}
