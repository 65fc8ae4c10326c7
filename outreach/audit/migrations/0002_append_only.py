from django.db import migrations

from outreach.privacy.row_security import ALLOWED_MUNICIPALITIES, append_only

# Anybody may add a row (a failed log-in has no municipality); only the municipality's own auditor reads.
POLICIES = [
    "ALTER TABLE audit_accessevent ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_accessevent FORCE ROW LEVEL SECURITY",
    "CREATE POLICY audit_accessevent_by_municipality ON audit_accessevent"
    f" FOR SELECT USING (municipality_id = {ALLOWED_MUNICIPALITIES})",
    "CREATE POLICY audit_accessevent_add ON audit_accessevent FOR INSERT WITH CHECK (true)",
]
REVERSE = [
    "DROP POLICY audit_accessevent_add ON audit_accessevent",
    "DROP POLICY audit_accessevent_by_municipality ON audit_accessevent",
    "ALTER TABLE audit_accessevent NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE audit_accessevent DISABLE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(POLICIES, REVERSE), append_only("audit_accessevent")]
