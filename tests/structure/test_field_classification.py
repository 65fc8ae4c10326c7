"""Every field of our models is classified, and every personal one has a retention period (A5)."""

from outreach.privacy.classification import Sensitivity, collect, our_models
from outreach.privacy.fields import EncryptedTextField


def _fields() -> set[tuple[str, str, str]]:
    return {
        (model._meta.app_label, model.__name__, field.name)
        for model in our_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
    }


def test_every_field_is_classified() -> None:
    missing = _fields() - collect().keys()
    assert not missing, "classify in the app's personal_data.py: " + ", ".join(map(".".join, sorted(missing)))


def test_no_classification_of_what_does_not_exist() -> None:
    stale = collect().keys() - _fields()
    assert not stale, "remove from personal_data.py: " + ", ".join(map(".".join, sorted(stale)))


def test_personal_fields_have_a_retention_period() -> None:
    personal = {Sensitivity.STAFF, Sensitivity.PERSONAL, Sensitivity.SENSITIVE}
    without = sorted(
        {key[:2] for key, field in collect().items() if field.sensitivity in personal and not field.retention}
    )
    assert not without, "add to RETENTION: " + ", ".join(map(".".join, without))


def test_encrypted_fields_are_not_called_harmless() -> None:
    harmless = {key for key, field in collect().items() if field.sensitivity == Sensitivity.NONE}
    encrypted = {
        (model._meta.app_label, model.__name__, field.name)
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    }
    assert encrypted
    assert not encrypted & harmless
