"""Contact plans, and what the work takes: sums and rules without citizens."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE = Sensitivity.NONE
STAFF = Sensitivity.STAFF

FIELDS = {
    "ContactPolicy": fields_of(NONE, "id programme municipality name quiet_gap_hours"),
    "ContactPolicyStep": fields_of(NONE, "id policy position kind delay_days attempts retry_days hours"),
    "ContactSettings": fields_of(NONE, "id municipality opens closes sundays holidays messages_per_minute"),
    "ContactPlanChange": {
        **fields_of(NONE, "id municipality programme at before after"),
        **fields_of(STAFF, "by_user_id by_name"),
    },
    "ContactPoint": fields_of(NONE, "id municipality phone sms_sender"),
    "WorkloadDay": fields_of(
        NONE,
        "id municipality day nonresponder_list programme target_group calls calls_in reached seconds untimed "
        "talks talk_seconds talks_untimed lookups messages segments letters rides",
    ),
    "WorkloadWaiting": fields_of(NONE, "id municipality deadline calls"),
    "WorkloadCount": fields_of(NONE, "municipality counted_at"),
    "WorkBudget": {
        **fields_of(
            NONE,
            "id municipality name reference amount starts_on ends_on hourly_rate segment_price letter_price "
            "ride_price changed_at",
        ),
        **fields_of(STAFF, "changed_by_name"),
    },
}
RETENTION = {
    "ContactPlanChange": "staff_record",
    "WorkBudget": "staff_record",
}
