from django.db import migrations

from outreach.privacy.row_security import enable_row_security

PERSONAL_TABLES = [
    "campaigns_calltask",
    "campaigns_contactattempt",
    "campaigns_contactanswer",
    "campaigns_smsmessage",
    "campaigns_smsstatuschange",
    "campaigns_optout",
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [enable_row_security(table) for table in PERSONAL_TABLES]
