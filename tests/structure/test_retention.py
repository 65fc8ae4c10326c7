"""Whatever is about a citizen has a period that erases it, or is kept on purpose with a reason (A5)."""

from outreach.privacy.classification import Sensitivity, collect
from outreach.privacy.retention import kept_on_purpose, retention_kinds

ABOUT_CITIZENS = {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}


def test_every_key_of_personal_data_is_erased_or_kept_on_purpose() -> None:
    erased = {key for kind in retention_kinds() for key in kind.keys}
    kept = {each.key for each in kept_on_purpose()}
    without = {
        f"{label}.{model} ({field.retention})"
        for (label, model, _name), field in collect().items()
        if field.sensitivity in ABOUT_CITIZENS and field.retention not in erased | kept
    }
    assert not without, "no retention kind erases: " + ", ".join(sorted(without))


def test_nothing_is_both_erased_and_kept() -> None:
    erased = {key for kind in retention_kinds() for key in kind.keys}
    assert not erased & {each.key for each in kept_on_purpose()}


def test_every_kind_erases_keys_that_exist() -> None:
    known = {field.retention for field in collect().values()}
    assert {key for kind in retention_kinds() for key in kind.keys} - known == set()
