"""Policies that stand already ask for the municipalities once in each statement, no longer at each row (decision 0017).

Tables made later get the new condition from `enable_row_security`. Both conditions show the same rows.
"""

from django.db import migrations

from outreach.privacy.row_security import ALLOWED_MUNICIPALITIES

# As PostgreSQL writes the former condition back.
FORMER = "ANY ((NULLIF(current_setting('app.municipalities'::text, true), ''::text))::integer[])"
ASK_ONCE = f"""
DO $do$
DECLARE
    policy record;
BEGIN
    FOR policy IN
        SELECT tablename, policyname,
            replace(qual, $former${FORMER}$former$, $now${ALLOWED_MUNICIPALITIES}$now$) AS shown,
            replace(with_check, $former${FORMER}$former$, $now${ALLOWED_MUNICIPALITIES}$now$) AS taken
        FROM pg_policies
        WHERE schemaname = current_schema() AND strpos(qual, $former${FORMER}$former$) > 0
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING (%s)', policy.policyname, policy.tablename, policy.shown)
            || coalesce(' WITH CHECK (' || policy.taken || ')', '');
    END LOOP;
END
$do$
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_erasurerun")]
    operations = [migrations.RunSQL([ASK_ONCE], migrations.RunSQL.noop)]
