import pytest

from outreach.privacy.row_security import append_only, enable_row_security, policy_name


def test_enable_row_security_forces_and_can_be_taken_back() -> None:
    operation = enable_row_security("registry_citizen")
    assert [statement.split(" USING")[0] for statement in operation.sql] == [
        'ALTER TABLE "registry_citizen" ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE "registry_citizen" FORCE ROW LEVEL SECURITY',
        'CREATE POLICY "registry_citizen_by_municipality" ON "registry_citizen"',
    ]
    assert operation.sql[2].count('"municipality_id" = ANY ((SELECT nullif(') == 2
    assert len(operation.reverse_sql) == 3
    assert operation.reversible


def test_enable_row_security_quotes() -> None:
    assert 'ON "a""b" USING ("c d" =' in enable_row_security('a"b', "c d").sql[2]


def test_policy_name_that_would_be_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        policy_name("t" * 60)


def test_append_only_takes_the_rights_of_the_application_role(settings) -> None:
    assert append_only("audit_event", "app-role").sql == (
        'REVOKE UPDATE, DELETE, TRUNCATE ON "audit_event" FROM "app-role"'
    )
    role = settings.DATABASES["default"]["USER"]
    assert append_only("audit_event").sql.endswith(f'FROM "{role}"')
    assert append_only("audit_event").reverse_sql == f'GRANT UPDATE, DELETE ON "audit_event" TO "{role}"'
