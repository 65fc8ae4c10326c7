"""Booking on behalf, and the chain round a booked time."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF
PERSONAL = Sensitivity.PERSONAL
SENSITIVE = Sensitivity.SENSITIVE

FIELDS = {
    # The route holds no personal data: the desk's queue is read without a municipality in context (K11).
    "BookingRoute": {
        **fields_of(
            NONE,
            "request region municipality task programme_names opened_at answer_due claimed_until closed_at "
            "ended_because",
        ),
        **fields_of(STAFF, "claimed_by answered_by"),
    },
    "BookingRequest": {
        **fields_of(NONE, "id municipality sent_at answer_due state_at own released_at"),
        **fields_of(STAFF, "requested_by_id requested_by_name told_by_name released_by_name"),
        **fields_of(PERSONAL, "citizen chain attempt after state told_at told_how confirm_to receipt"),
        **fields_of(
            SENSITIVE,
            "dose not_before days times wanted_session wanted_place mobility needs_escort needs_ride "
            "needs_interpreter has_guardian note booked_at place session holds_place kept_at vaccine refusal "
            "answer_note release_reason",
        ),
    },
    "BookingProgramme": {
        **fields_of(NONE, "id municipality running"),
        **fields_of(PERSONAL, "request citizen follow_up"),
        **fields_of(SENSITIVE, "programme"),
    },
    "BookingChange": {
        **fields_of(NONE, "id municipality at from_state to_state"),
        **fields_of(STAFF, "by_name"),
        **fields_of(PERSONAL, "request"),
        **fields_of(SENSITIVE, "reason booked_at place"),
    },
    "BookingReminder": {
        **fields_of(NONE, "id municipality at kind"),
        **fields_of(STAFF, "by_name"),
        **fields_of(PERSONAL, "request booked_at message"),
    },
    "BookingSettings": fields_of(NONE, "municipality days_before hour evening_before"),
    "CareChain": {
        **fields_of(NONE, "id municipality created_at closed_at"),
        **fields_of(STAFF, "caseworker caseworker_name"),
        **fields_of(PERSONAL, "citizen"),
    },
    "ChainLink": {
        **fields_of(NONE, "id municipality offset_minutes updated_at"),
        **fields_of(PERSONAL, "chain request state at agreed_for provider provider_name pick_up"),
        **fields_of(SENSITIVE, "kind aids note"),
    },
    "ChainChange": {
        **fields_of(NONE, "id municipality event at"),
        **fields_of(STAFF, "by_name to_name"),
        **fields_of(PERSONAL, "chain moment"),
        **fields_of(SENSITIVE, "link_kind"),
    },
}
RETENTION = {
    "BookingRoute": "booking",
    "BookingRequest": "booking",
    "BookingProgramme": "booking",
    "BookingChange": "booking",
    "BookingReminder": "booking",
    "CareChain": "booking",
    "ChainLink": "booking",
    "ChainChange": "booking",
}
