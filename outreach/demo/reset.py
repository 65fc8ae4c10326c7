"""Empty a demo installation, as the owner of the tables. Facts that migrations loaded stay."""

import shutil

from django.apps import apps
from django.conf import settings
from django.db import connections

from outreach.clock.models import StoredClock
from outreach.errors import UserError

# Loaded by migrations, not by the demo.
KEPT_MODELS = {
    "registry.region",
    "registry.municipality",
    "registry.municipalityregion",
    "registry.parish",
    "registry.parishmunicipality",
    "registry.programme",
    "registry.targetgroup",
    "registry.deadlinerule",
    "registry.reaskrule",
    "campaigns.contactpolicy",
    "campaigns.contactpolicystep",
    "campaigns.messagetemplate",
    "campaigns.callscript",
    "campaigns.lettertext",
    "contenttypes.contenttype",
    "auth.permission",
    "privacy.keycanary",
}

# Tables that hold common rows, and a municipality's own beside them.
TABLES_WITH_OWN_ROWS = (
    "campaigns_contactpolicy",
    "registry_deadlinerule",
    "registry_reaskrule",
    "campaigns_messagetemplate",
    "campaigns_callscript",
    "campaigns_lettertext",
)


def reset_demo() -> None:
    """Remove every organisation, user, citizen, list and figure, and the demo's files.

    Raises UserError in an installation that is no demo: one with organisations and without a stored clock.
    """
    organisations = apps.get_model("access", "Organisation")
    if organisations.objects.exists() and not StoredClock.objects.exists():
        raise UserError(
            "not_a_demo", "Denne installation er ikke en demo, så den bliver ikke tømt. Brug en anden OUTREACH_VAR."
        )
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in KEPT_MODELS and model._meta.managed
    ]
    names = ", ".join(f'"{table}"' for table in tables)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        # Common plans, rules and texts came with migrations; what the demo's municipalities made of them goes.
        own = "policy_id IN (SELECT id FROM campaigns_contactpolicy WHERE municipality_id IS NOT NULL)"
        cursor.execute(f"DELETE FROM campaigns_contactpolicystep WHERE {own}")
        for table in TABLES_WITH_OWN_ROWS:
            cursor.execute(f"DELETE FROM {table} WHERE municipality_id IS NOT NULL")
    connections["owner"].close()
    shutil.rmtree(settings.VAR / "demo", ignore_errors=True)
    shutil.rmtree(settings.UPLOAD_ROOT, ignore_errors=True)
