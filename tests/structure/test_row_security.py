"""The second wall stands: PostgreSQL shows personal rows of the municipalities in context, and no others."""

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import pytest
from django.db import DatabaseError, connection, connections, models, transaction

from outreach.privacy.classification import personal_models
from outreach.privacy.row_security import enable_row_security, policy_name

# As PostgreSQL writes the policy back.
CONDITION = (
    "(municipality_id = ANY (( SELECT (NULLIF(current_setting('app.municipalities'::text, true), ''::text))::integer[]"
    ' AS "nullif")::integer[]))'
)
# Anybody may add to the access log: a failed log-in belongs to no municipality.
ADD_FREELY = {"audit_accessevent"}
PROBE = "row_security_probe"


class Policy(NamedTuple):
    name: str
    command: str
    permissive: str
    roles: list[str]
    using: str | None
    check: str | None


def _has_municipality(model: type[models.Model]) -> bool:
    return any(field.column == "municipality_id" for field in model._meta.local_concrete_fields)


def _protected_tables() -> list[str]:
    return sorted(model._meta.db_table for model in personal_models() if _has_municipality(model))


def _expected(table: str) -> list[Policy]:
    if table in ADD_FREELY:
        return [
            Policy(f"{table}_add", "INSERT", "PERMISSIVE", ["public"], None, "true"),
            Policy(policy_name(table), "SELECT", "PERMISSIVE", ["public"], CONDITION, None),
        ]
    return [Policy(policy_name(table), "ALL", "PERMISSIVE", ["public"], CONDITION, CONDITION)]


@pytest.mark.django_db
def test_catalogue_every_personal_table_is_behind_its_policy() -> None:
    faults = []
    with connection.cursor() as cursor:
        for table in _protected_tables():
            cursor.execute(
                "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
                [table],
            )
            if cursor.fetchone() != (True, True):
                faults.append(f"{table} is not enabled and forced")
            cursor.execute(
                "SELECT policyname, cmd, permissive, roles::text[], qual, with_check FROM pg_policies"
                " WHERE tablename = %s ORDER BY policyname",
                [table],
            )
            policies = [Policy(*row) for row in cursor.fetchall()]
            if policies != _expected(table):
                faults.append(f"{table} has {policies}")
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_catalogue_no_policy_stands_outside_the_classification() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        secured = {row[0] for row in cursor.fetchall()}
    assert secured
    extra = sorted(secured - set(_protected_tables()))
    assert not extra, "classify their fields as personal in personal_data.py: " + ", ".join(extra)


@pytest.mark.django_db
def test_without_context_every_personal_table_is_empty() -> None:
    with connection.cursor() as cursor:
        for table in _protected_tables():
            for context in ["", None]:
                cursor.execute("SELECT set_config('app.municipalities', %s, true)", [context])
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                assert cursor.fetchone() == (0,), table


@pytest.mark.django_db
def test_the_application_is_bound_by_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


@pytest.mark.django_db
def test_the_access_log_only_grows() -> None:
    with connection.cursor() as cursor:
        for right in ["UPDATE", "DELETE", "TRUNCATE"]:
            cursor.execute("SELECT has_table_privilege('audit_accessevent', %s)", [right])
            assert cursor.fetchone() == (False,), right


@pytest.fixture
def probe(transactional_db: None) -> Iterator[None]:
    """A table under the same operation, with a row for each of two municipalities, made by the owner."""
    operation = enable_row_security(PROBE)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {PROBE}")
        cursor.execute(f"CREATE TABLE {PROBE} (municipality_id integer NOT NULL, name text)")
        for statement in operation.sql:
            cursor.execute(statement)
        cursor.execute(f"INSERT INTO {PROBE} VALUES (183, 'Ishøj'), (169, 'Høje-Taastrup')")
    yield
    with connections["owner"].cursor() as cursor:
        for statement in operation.reverse_sql:
            cursor.execute(statement)
        cursor.execute(f"DROP TABLE {PROBE}")
    connections["owner"].close()


def _seen(context: str | None) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        if context is not None:
            cursor.execute("SELECT set_config('app.municipalities', %s, true)", [context])
        cursor.execute(f"SELECT name FROM {PROBE} ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_rows_are_seen_in_their_municipalitys_context_only(probe: None) -> None:
    assert _seen(None) == _seen("") == _seen("{}") == _seen("{101}") == []
    assert _seen("{183}") == ["Ishøj"]
    assert _seen("{183,169}") == ["Høje-Taastrup", "Ishøj"]
    assert _seen(None) == []  # the setting ended with its transaction


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("context", [None, "", "{169}"])
def test_rows_of_another_municipality_are_refused(probe: None, context: str | None) -> None:
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if context is not None:
            cursor.execute("SELECT set_config('app.municipalities', %s, true)", [context])
        cursor.execute(f"INSERT INTO {PROBE} VALUES (183, 'ny')")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_rows_cannot_be_moved_to_another_municipality(probe: None) -> None:
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('app.municipalities', '{183}', true)")
        cursor.execute(f"UPDATE {PROBE} SET municipality_id = 169")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.municipalities', '{183}', true)")
        cursor.execute(f"DELETE FROM {PROBE}")
        assert cursor.rowcount == 1
    assert _seen("{183,169}") == ["Høje-Taastrup"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_policies_of_an_older_installation_are_changed_and_show_the_same(probe: None) -> None:
    migration = import_module("outreach.privacy.migrations.0003_row_security_asks_once")
    former = f"municipality_id = {migration.FORMER}"
    name = policy_name(PROBE)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER POLICY {name} ON {PROBE} USING ({former}) WITH CHECK ({former})")
        # As the access log's: a policy that says only what is seen.
        cursor.execute(f"CREATE POLICY {PROBE}_seen ON {PROBE} FOR SELECT USING ({former})")
        for statement in migration.Migration.operations[0].sql:
            cursor.execute(statement)
        cursor.execute("SELECT policyname, qual, with_check FROM pg_policies WHERE tablename = %s ORDER BY 1", [PROBE])
        assert cursor.fetchall() == [(name, CONDITION, CONDITION), (f"{PROBE}_seen", CONDITION, None)]
    assert _seen(None) == []
    assert _seen("{183}") == ["Ishøj"]
