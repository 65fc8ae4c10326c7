"""What a person may do. Roles are sets of these; every view names the one it needs."""

from enum import StrEnum


class Permission(StrEnum):
    SEE_OVERVIEW = "see_overview"
    # Citizens. Exactly one of the three decides which citizens `visible_to` returns (domain section 2).
    SEE_CITIZENS = "see_citizens"
    SEE_REFERRED_CITIZENS = "see_referred_citizens"
    SEE_TRANSPORTED_CITIZENS = "see_transported_citizens"
    SEARCH_CITIZENS = "search_citizens"
    EDIT_CITIZENS = "edit_citizens"
    REVEAL_CPR = "reveal_cpr"
    # Lists
    SEE_LISTS = "see_lists"
    UPLOAD_LISTS = "upload_lists"
    APPROVE_LISTS = "approve_lists"
    MANAGE_LIST_ORDERS = "manage_list_orders"
    # Contact
    WORK_CALLS = "work_calls"
    LOOK_UP_CONTACTS = "look_up_contacts"
    MANAGE_CALL_QUEUE = "manage_call_queue"
    SEE_BREACHES = "see_breaches"
    SEE_WORKLOAD = "see_workload"
    CHECK_QUALITY = "check_quality"
    WORK_HEALTH_DIALOGUES = "work_health_dialogues"
    SEE_MESSAGES = "see_messages"
    SEND_WAVES = "send_waves"
    ANSWER_INBOX = "answer_inbox"
    SEND_LETTERS = "send_letters"
    MANAGE_POLICIES = "manage_policies"
    EDIT_TEXTS = "edit_texts"
    APPROVE_TEXTS = "approve_texts"
    # Booking on behalf: the municipality asks, the region's desk answers (K11).
    REQUEST_BOOKINGS = "request_bookings"
    CONFIRM_BOOKINGS = "confirm_bookings"
    # Pop-up sites
    SEE_POPUP_SITES = "see_popup_sites"
    PLAN_POPUP_SITES = "plan_popup_sites"
    ACKNOWLEDGE_POPUP_SITES = "acknowledge_popup_sites"
    # Figures
    SEE_UPTAKE = "see_uptake"
    IMPORT_UPTAKE = "import_uptake"
    SEE_STATUS_NOTE = "see_status_note"
    # Administration
    MANAGE_API_KEYS = "manage_api_keys"
    MANAGE_REFERENCE_DATA = "manage_reference_data"
    SEE_ACCESS_LOG = "see_access_log"
