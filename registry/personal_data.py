"""Classification of this app's fields. That somebody stands on a list is health information, so rows are sensitive."""

from outreach.privacy.classification import Sensitivity, fields_of

NONE, STAFF, PERSONAL, SENSITIVE = (
    Sensitivity.NONE,
    Sensitivity.STAFF,
    Sensitivity.PERSONAL,
    Sensitivity.SENSITIVE,
)

FIELDS = {
    "Region": fields_of(NONE, "id code name valid_from valid_to"),
    "Municipality": fields_of(NONE, "code name name_en kind"),
    "MunicipalityRegion": fields_of(NONE, "id municipality region valid_from valid_to"),
    "Parish": fields_of(NONE, "code name main_municipality longitude latitude area_km2"),
    "ParishMunicipality": fields_of(NONE, "id parish municipality area_share"),
    "HousingArea": fields_of(NONE, "id municipality parish name latitude longitude invented"),
    "Institution": fields_of(
        NONE,
        "id number name kind municipality parish address latitude longitude invented register_type closed_on",
    ),
    "BoundaryImport": {
        **fields_of(NONE, "id source as_of display_name file_sha256 coordinate_system rows counts imported_at"),
        **fields_of(STAFF, "imported_by_name"),
    },
    "ParishBoundary": fields_of(NONE, "parish version shape outline area_km2 west south east north"),
    "ReferenceChange": {
        **fields_of(NONE, "id table row_key municipality action changes origin at"),
        **fields_of(STAFF, "by_name user_id"),
    },
    "Programme": fields_of(NONE, "id code name active"),
    "TargetGroup": fields_of(
        NONE,
        "id programme code name order kind birth_years valid_from valid_to mandatory_from mandatory_to",
    ),
    "GroupDuty": fields_of(NONE, "id programme municipality code mandatory_from mandatory_to"),
    "DeadlineRule": fields_of(NONE, "id programme municipality first_contact_days answer_days"),
    "ReaskRule": fields_of(
        NONE,
        "id programme municipality closed_reason outcome when_listed when_other_group when_new_programme after_days",
    ),
    "Citizen": {
        **fields_of(NONE, "id municipality created_at updated_at"),
        **fields_of(
            PERSONAL,
            "name sort_name search_name birth_date birth_date_approximate sex address postal_code city household_key "
            "parish institution email digital_post_exempt status do_not_contact_since",
        ),
        **fields_of(
            SENSITIVE,
            "cpr_ciphertext cpr_index cpr_kind language needs_interpreter care_home personal_care practical_help "
            "home_nursing protected protected_until",
        ),
    },
    "Phone": {
        **fields_of(NONE, "id municipality"),
        **fields_of(STAFF, "found_by_name wrong_by_name"),
        **fields_of(PERSONAL, "citizen number_ciphertext number_index kind source found_at wrong_since wrong_reason"),
    },
    "Relative": {
        **fields_of(NONE, "id municipality"),
        **fields_of(PERSONAL, "citizen kind name relation phone_ciphertext phone_index informed_at"),
    },
    "PreviousNumber": {
        **fields_of(NONE, "id municipality noted_at"),
        **fields_of(PERSONAL, "citizen former_citizen_id"),
        **fields_of(SENSITIVE, "cpr_ciphertext cpr_index"),
    },
    "CitizenEdit": {
        **fields_of(NONE, "id municipality field edited_at"),
        **fields_of(STAFF, "edited_by_name"),
        **fields_of(PERSONAL, "citizen"),
        **fields_of(SENSITIVE, "old_value"),
    },
    "CitizenDifference": {
        **fields_of(NONE, "id municipality field citizen_import found_at state decided_at"),
        **fields_of(STAFF, "decided_by_name"),
        **fields_of(PERSONAL, "citizen other_citizen"),
        **fields_of(SENSITIVE, "theirs"),
    },
    "ListOrder": {
        **fields_of(
            NONE,
            "id municipality programme state reference purpose area groups uptake sent_on approved_on expires_on "
            "ended_because use_ended_at use_ended_count created_at",
        ),
        **fields_of(STAFF, "created_by_name"),
    },
    "NationalFile": {
        **fields_of(
            NONE,
            "id programme as_of waiting_days groups_stated sender stored_name display_name file_sha256 file_bytes "
            "file_erased_at state rows shares not_served unplaced_rows unplaced held_because confirmed_because "
            "error_code error_message attempts leased_until received_at split_at",
        ),
        **fields_of(STAFF, "received_by_name"),
    },
    "NonresponderList": {
        **fields_of(
            NONE,
            "id municipality programme kind order national_file as_of waiting_days groups_stated groups_covered "
            "invented stored_name display_name file_sha256 file_bytes file_erased_at state state_changed_at sender "
            "channel source_key column_kinds mapping_source touched_at waits_for header mapping "
            "dropped_columns progress rows counts gates warnings error_code error_message attempts leased_until "
            "uploaded_at committed_at previous seconds decision_steps",
        ),
        **fields_of(STAFF, "overrides uploaded_by_id uploaded_by_name committed_by_name"),
    },
    "ColumnMapping": {
        **fields_of(NONE, "id municipality sender sender_key specification fingerprint header mapping confirmed_at"),
        **fields_of(STAFF, "confirmed_by_name"),
    },
    "ListStateChange": {
        **fields_of(NONE, "id nonresponder_list state at note"),
        **fields_of(STAFF, "by_name"),
    },
    "ListRow": {
        **fields_of(
            NONE,
            "id municipality nonresponder_list row_number row_class problem_code problem_column warning_code "
            "same_as_row decision decision_step decision_before week",
        ),
        **fields_of(STAFF, "decided_by_name"),
        **fields_of(PERSONAL, "birth_date sex name citizen reviewed_state"),
        **fields_of(
            SENSITIVE,
            "cpr_ciphertext cpr_index cpr_kind target_group invited_on earlier_outcome earlier_outcome_at reask_code",
        ),
    },
    "CitizenImport": {
        **fields_of(
            NONE,
            "id municipality display_name file_sha256 rows counts errors imported_at state stored_name warnings "
            "error_code error_message progress attempts leased_until gates",
        ),
        **fields_of(STAFF, "imported_by_id imported_by_name overrides"),
    },
    "FollowUp": {
        **fields_of(
            NONE, "id municipality programme mandatory first_list last_list weeks_on_list selection updated_at"
        ),
        **fields_of(
            PERSONAL,
            "citizen origin status closed_reason opened_at closed_at reopen_on first_contact_due answer_due "
            "first_contact_at last_contact_at call_attempts sms_sent letters_sent next_step_kind next_step_at "
            "next_step_reason next_step_detail",
        ),
        **fields_of(SENSITIVE, "target_group invited_on outcome outcome_at barrier"),
    },
    "FollowUpChange": {
        **fields_of(NONE, "id municipality kind at nonresponder_list selection week"),
        **fields_of(STAFF, "by_name"),
        **fields_of(PERSONAL, "follow_up reason"),
        **fields_of(SENSITIVE, "before"),
    },
    "Selection": {
        **fields_of(
            NONE,
            "id municipality programme name purpose criteria ends_on state state_changed_at counts created_at "
            "started_at",
        ),
        **fields_of(STAFF, "created_by_name started_by_name"),
    },
    "SelectionStateChange": {
        **fields_of(NONE, "id selection state at note"),
        **fields_of(STAFF, "by_name"),
    },
    "Case": {
        **fields_of(NONE, "id municipality created_at"),
        **fields_of(STAFF, "created_by_name"),
        **fields_of(PERSONAL, "caller_name called_by"),
        **fields_of(SENSITIVE, "follow_up reason"),
    },
    "ReferredAccess": {**fields_of(NONE, "id municipality user until"), **fields_of(SENSITIVE, "citizen")},
}
RETENTION = {
    "ReferredAccess": "referred_access",
    "Citizen": "citizen",
    "Phone": "citizen",
    "Relative": "citizen",
    "PreviousNumber": "citizen",
    "CitizenEdit": "citizen",
    "CitizenDifference": "citizen_difference",
    "ListOrder": "list",
    "NationalFile": "list",
    "NonresponderList": "list",
    "ListStateChange": "list",
    "ColumnMapping": "list",
    "ListRow": "list_row",
    "CitizenImport": "import_receipt",
    "BoundaryImport": "reference_data",
    "ReferenceChange": "reference_data",
    "FollowUp": "follow_up",
    "FollowUpChange": "follow_up",
    "Selection": "list",
    "SelectionStateChange": "list",
    "Case": "follow_up",
}
