"""Every field of our models is classified; tests/structure/test_field_classification.py fails on an omission.

Each app has a `personal_data.py` with

    FIELDS = {"Citizen": {"id": Sensitivity.NONE, "name": Sensitivity.PERSONAL, …}, …}
    RETENTION = {"Citizen": "citizen", …}    # the period that erases it; for each model with more than NONE
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from django.apps import AppConfig, apps
from django.db import models
from django.utils.module_loading import module_has_submodule

OUR_PACKAGES = {"outreach", "registry", "popup_sites", "campaigns", "reports"}


class Sensitivity(StrEnum):
    """How much harm a field does in wrong hands."""

    NONE = "none"  # about no person
    STAFF = "staff"  # which colleague did something; no citizen, so no wall between municipalities
    PERSONAL = "personal"  # tells who a citizen is, or something ordinary about them
    SENSITIVE = "sensitive"  # CPR, health, language and origin, what was said
    SECRET = "secret"  # noqa: S105  keys, password hashes, tokens


def fields_of(sensitivity: Sensitivity, names: str) -> dict[str, Sensitivity]:
    """The fields named, with blanks between, all of one sensitivity."""
    return dict.fromkeys(names.split(), sensitivity)


@dataclass(frozen=True)
class FieldClassification:
    """One field's sensitivity and the retention key of its model (None: nothing personal in it)."""

    sensitivity: Sensitivity
    retention: str | None


def our_apps() -> list[AppConfig]:
    """The installed apps that are part of this project."""
    return [app for app in apps.get_app_configs() if app.name.partition(".")[0] in OUR_PACKAGES]


def our_models() -> Iterator[type[models.Model]]:
    """Their models, with the hidden ones between many-to-many fields."""
    for app in our_apps():
        yield from app.get_models(include_auto_created=True)


def collect() -> dict[tuple[str, str, str], FieldClassification]:
    """What the apps' `personal_data` modules say, by (app label, model name, field name)."""
    classified = {}
    for app in our_apps():
        if app.module is None or not module_has_submodule(app.module, "personal_data"):
            continue
        module = import_module(f"{app.name}.personal_data")
        for model_name, fields in module.FIELDS.items():
            retention = module.RETENTION.get(model_name)
            for field_name, sensitivity in fields.items():
                classified[app.label, model_name, field_name] = FieldClassification(sensitivity, retention)
    return classified


def personal_models() -> list[type[models.Model]]:
    """Our models with a personal or sensitive field: those about citizens."""
    personal = {
        (label, model_name)
        for (label, model_name, _), field in collect().items()
        if field.sensitivity in {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}
    }
    return [model for model in our_models() if (model._meta.app_label, model.__name__) in personal]
