"""Tables that lead to a citizen stand behind row security, whatever their fields are called in the classification."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
# Columns that name somebody, or lead to them in one step.
LEADS_TO_SOMEBODY = r"^(citizen_id|follow_up_id|call_task_id|attempt_id|.*(cpr|phone|number)_(index|ciphertext))$"
# What the console gateway has "sent", what a gateway tells before anybody knows whose it is, and the way there: numbers
# and texts that no municipality owns, sealed, and no citizen (decision 0011).
WITHOUT_MUNICIPALITY = {"messaging_outboxmessage", "messaging_gatewayevent", "messaging_numberroute"}


def test_every_table_that_leads_to_a_citizen_is_behind_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname, c.relrowsecurity AND c.relforcerowsecurity"
            " FROM pg_class AS c INNER JOIN pg_attribute AS a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p', 'm', 'v') AND c.relnamespace = 'public'::regnamespace"
            " AND a.attnum > 0 AND a.attname ~ %s ORDER BY 1",
            [LEADS_TO_SOMEBODY],
        )
        found = dict(cursor.fetchall())
    assert {"registry_citizen", "registry_listrow", "registry_case", "campaigns_earliercontactrow"} <= found.keys()
    assert [table for table, secured in found.items() if not secured and table not in WITHOUT_MUNICIPALITY] == []


def test_the_application_can_neither_make_nor_replace_what_runs_as_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT proname, pg_get_userbyid(proowner) = current_user, proconfig::text FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        functions = cursor.fetchall()
    assert functions
    # A function of the owner's that looked names up where others may put theirs would run theirs.
    assert [name for name, own, config in functions if own or "search_path=public, pg_temp" not in (config or "")] == []
