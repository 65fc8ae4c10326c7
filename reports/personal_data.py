"""Classification of this app's fields: figures about places and groups, never about one person."""

from outreach.privacy.classification import Sensitivity

_NONE = Sensitivity.NONE
_SNAPSHOT = (
    "id", "kind", "programme", "municipality", "as_of", "source", "invented", "file_sha256", "rows", "suppressed",
    "unknown_places", "warnings", "imported_by_name", "imported_at",
)  # fmt: skip
_FIGURE = (
    "id", "snapshot", "municipality", "region", "parish", "institution", "target_group", "age_group", "sex",
    "is_total", "is_country", "position", "population", "invited", "not_booked", "started", "complete",
    "not_booked_share", "booked_share", "started_share", "complete_share", "suppressed",
)  # fmt: skip
_SUMMARY = (
    "id", "municipality", "programme", "parish", "institution", "target_group", "on_newest_list", "open",
    "contacted", "answered", "declined", "undecided", "booked", "gone", "computed_at",
)  # fmt: skip
_LIST_SUMMARY = (
    "id", "municipality", "nonresponder_list", "target_group", "not_reacted", "declined", "undecided", "computed_at",
)  # fmt: skip

FIELDS = {
    "UptakeSnapshot": dict.fromkeys(_SNAPSHOT, _NONE) | {"imported_by_name": Sensitivity.STAFF},
    "UptakeFigure": dict.fromkeys(_FIGURE, _NONE),
    "FollowUpSummary": dict.fromkeys(_SUMMARY, _NONE),
    "ListGroupSummary": dict.fromkeys(_LIST_SUMMARY, _NONE),
}
RETENTION = {"UptakeSnapshot": "uptake"}
