"""Classification of this app's fields. That somebody stands on a list is health information, so rows are sensitive."""

from outreach.privacy.classification import Sensitivity

NONE, STAFF, PERSONAL, SENSITIVE = (
    Sensitivity.NONE,
    Sensitivity.STAFF,
    Sensitivity.PERSONAL,
    Sensitivity.SENSITIVE,
)


def _fields(sensitivity: Sensitivity, names: str) -> dict[str, Sensitivity]:
    return dict.fromkeys(names.split(), sensitivity)


FIELDS = {
    "Region": _fields(NONE, "id code name valid_from valid_to"),
    "Municipality": _fields(NONE, "code name name_en kind"),
    "MunicipalityRegion": _fields(NONE, "id municipality region valid_from valid_to"),
    "Parish": _fields(NONE, "code name main_municipality longitude latitude area_km2"),
    "ParishMunicipality": _fields(NONE, "id parish municipality area_share"),
    "HousingArea": _fields(NONE, "id municipality parish name latitude longitude invented"),
    "Institution": _fields(
        NONE,
        "id number name kind municipality parish address latitude longitude invented register_type closed_on",
    ),
    "BoundaryImport": {
        **_fields(NONE, "id source as_of display_name file_sha256 coordinate_system rows counts imported_at"),
        **_fields(STAFF, "imported_by_name"),
    },
    "ParishBoundary": _fields(NONE, "parish version shape outline area_km2 west south east north"),
    "ReferenceChange": {
        **_fields(NONE, "id table row_key municipality action changes origin at"),
        **_fields(STAFF, "by_name user_id"),
    },
    "Programme": _fields(NONE, "id code name active"),
    "TargetGroup": _fields(
        NONE,
        "id programme code name order kind birth_years valid_from valid_to mandatory_from mandatory_to",
    ),
    "GroupDuty": _fields(NONE, "id programme municipality code mandatory_from mandatory_to"),
    "DeadlineRule": _fields(NONE, "id programme municipality first_contact_days answer_days"),
    "ReaskRule": _fields(
        NONE,
        "id programme municipality closed_reason outcome when_listed when_other_group when_new_programme after_days",
    ),
    "Citizen": {
        **_fields(NONE, "id municipality created_at updated_at"),
        **_fields(
            PERSONAL,
            "name sort_name search_name birth_date birth_date_approximate sex address postal_code city household_key "
            "parish institution email digital_post_exempt status do_not_contact_since",
        ),
        **_fields(
            SENSITIVE,
            "cpr_ciphertext cpr_index cpr_kind language needs_interpreter care_home personal_care practical_help "
            "home_nursing protected protected_until",
        ),
    },
    "Phone": {
        **_fields(NONE, "id municipality"),
        **_fields(STAFF, "found_by_name wrong_by_name"),
        **_fields(PERSONAL, "citizen number_ciphertext number_index kind source found_at wrong_since wrong_reason"),
    },
    "Relative": {
        **_fields(NONE, "id municipality"),
        **_fields(PERSONAL, "citizen kind name relation phone_ciphertext phone_index informed_at"),
    },
    "PreviousNumber": {
        **_fields(NONE, "id municipality noted_at"),
        **_fields(PERSONAL, "citizen former_citizen_id"),
        **_fields(SENSITIVE, "cpr_ciphertext cpr_index"),
    },
    "CitizenEdit": {
        **_fields(NONE, "id municipality field edited_at"),
        **_fields(STAFF, "edited_by_name"),
        **_fields(PERSONAL, "citizen"),
        **_fields(SENSITIVE, "old_value"),
    },
    "CitizenDifference": {
        **_fields(NONE, "id municipality field citizen_import found_at state decided_at"),
        **_fields(STAFF, "decided_by_name"),
        **_fields(PERSONAL, "citizen other_citizen"),
        **_fields(SENSITIVE, "theirs"),
    },
    "ListOrder": {
        **_fields(
            NONE,
            "id municipality programme state reference purpose area groups uptake sent_on approved_on expires_on "
            "ended_because use_ended_at use_ended_count created_at",
        ),
        **_fields(STAFF, "created_by_name"),
    },
    "NationalFile": {
        **_fields(
            NONE,
            "id programme as_of waiting_days groups_stated sender stored_name display_name file_sha256 file_bytes "
            "file_erased_at state rows shares not_served unplaced_rows unplaced held_because confirmed_because "
            "error_code error_message attempts leased_until received_at split_at",
        ),
        **_fields(STAFF, "received_by_name"),
    },
    "NonresponderList": {
        **_fields(
            NONE,
            "id municipality programme kind order national_file as_of waiting_days groups_stated groups_covered "
            "invented stored_name display_name file_sha256 file_bytes file_erased_at state state_changed_at sender "
            "channel source_key column_kinds mapping_source touched_at waits_for header mapping "
            "dropped_columns progress rows counts gates warnings error_code error_message attempts leased_until "
            "uploaded_at committed_at previous seconds decision_steps",
        ),
        **_fields(STAFF, "overrides uploaded_by_id uploaded_by_name committed_by_name"),
    },
    "ColumnMapping": {
        **_fields(NONE, "id municipality sender sender_key specification fingerprint header mapping confirmed_at"),
        **_fields(STAFF, "confirmed_by_name"),
    },
    "ListStateChange": {
        **_fields(NONE, "id nonresponder_list state at note"),
        **_fields(STAFF, "by_name"),
    },
    "ListRow": {
        **_fields(
            NONE,
            "id municipality nonresponder_list row_number row_class problem_code problem_column warning_code "
            "same_as_row decision decision_step decision_before week",
        ),
        **_fields(STAFF, "decided_by_name"),
        **_fields(PERSONAL, "birth_date sex name citizen reviewed_state"),
        **_fields(
            SENSITIVE,
            "cpr_ciphertext cpr_index cpr_kind target_group invited_on earlier_outcome earlier_outcome_at reask_code",
        ),
    },
    "CitizenImport": {
        **_fields(
            NONE,
            "id municipality display_name file_sha256 rows counts errors imported_at state stored_name warnings "
            "error_code error_message progress attempts leased_until gates",
        ),
        **_fields(STAFF, "imported_by_id imported_by_name overrides"),
    },
    "FollowUp": {
        **_fields(NONE, "id municipality programme mandatory first_list last_list weeks_on_list selection updated_at"),
        **_fields(
            PERSONAL,
            "citizen origin status closed_reason opened_at closed_at reopen_on first_contact_due answer_due "
            "first_contact_at last_contact_at call_attempts sms_sent letters_sent next_step_kind next_step_at "
            "next_step_reason next_step_detail",
        ),
        **_fields(SENSITIVE, "target_group invited_on outcome outcome_at barrier"),
    },
    "FollowUpChange": {
        **_fields(NONE, "id municipality kind at nonresponder_list selection week"),
        **_fields(STAFF, "by_name"),
        **_fields(PERSONAL, "follow_up reason"),
        **_fields(SENSITIVE, "before"),
    },
    "Selection": {
        **_fields(
            NONE,
            "id municipality programme name purpose criteria ends_on state state_changed_at counts created_at "
            "started_at",
        ),
        **_fields(STAFF, "created_by_name started_by_name"),
    },
    "SelectionStateChange": {
        **_fields(NONE, "id selection state at note"),
        **_fields(STAFF, "by_name"),
    },
    "Case": {
        **_fields(NONE, "id municipality created_at"),
        **_fields(STAFF, "created_by_name"),
        **_fields(PERSONAL, "caller_name called_by"),
        **_fields(SENSITIVE, "follow_up reason"),
    },
    "ReferredAccess": {**_fields(NONE, "id municipality user until"), **_fields(SENSITIVE, "citizen")},
}
RETENTION = {
    "ReferredAccess": "citizen",
    "Citizen": "citizen",
    "Phone": "citizen",
    "Relative": "citizen",
    "PreviousNumber": "citizen",
    "CitizenEdit": "citizen",
    "CitizenDifference": "citizen",
    "ListOrder": "list",
    "NationalFile": "list",
    "NonresponderList": "list",
    "ListStateChange": "list",
    "ColumnMapping": "list",
    "ListRow": "list_row",
    "CitizenImport": "import_receipt",
    "BoundaryImport": "reference_data",
    "ReferenceChange": "reference_data",
    "FollowUp": "citizen",
    "FollowUpChange": "citizen",
    "Selection": "list",
    "SelectionStateChange": "list",
    "Case": "citizen",
}
