from django.db import migrations

from outreach.privacy.row_security import enable_row_security

PERSONAL_TABLES = [
    "registry_citizen",
    "registry_phone",
    "registry_relative",
    "registry_listrow",
    "registry_followup",
    "registry_followupchange",
]


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("privacy", "0001_initial")]
    operations = [enable_row_security(table) for table in PERSONAL_TABLES]
