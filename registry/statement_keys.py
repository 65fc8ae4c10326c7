"""Keys that are checked a statement at a time: what a foreign key holds, for all rows of a statement at once (0013).

As a foreign key does, the functions look past row security: they are the owner's, and nobody else may call them or
hang them on a table of their own. The lock stands for the row locks of a key: who writes a reference shares it from
before the check until the end of the transaction, who deletes what may be referred to has it alone; both look after
they have it, and under READ COMMITTED a statement of a function sees what was committed until then. A reference stays
within its municipality, so that the two sides always meet at one lock.
"""

from django.db.migrations import RunSQL

LOCK = """
CREATE FUNCTION registry_lock_keys(codes integer[], alone boolean) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    code integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'the keys of follow-ups are held under READ COMMITTED only';
    END IF;
    FOREACH code IN ARRAY codes LOOP
        IF alone THEN
            PERFORM pg_advisory_xact_lock(hashtextextended('follow-up keys', code));
        ELSE
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('follow-up keys', code));
        END IF;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION registry_lock_keys FROM PUBLIC;
"""
NO_LOCK = "DROP FUNCTION registry_lock_keys"

# Written references, a statement at a time; moved ones are few: row by row.
# EXECUTE: a plan kept from a list of a million rows would read all citizens for the one follow-up of the next caller.
# SET: the caller's settings for a long list are not for the three rows of its next statement.
REFERENCE = """
CREATE FUNCTION {table}_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = on AS $$
DECLARE
    orphaned boolean;
BEGIN
    PERFORM registry_lock_keys(
        ARRAY(SELECT DISTINCT municipality_id FROM written ORDER BY municipality_id), alone => false);
    EXECUTE 'SELECT EXISTS (SELECT FROM written AS w WHERE NOT EXISTS ('
        'SELECT FROM {parent} AS p WHERE p.id = w.{column} AND p.municipality_id = w.municipality_id))' INTO orphaned;
    IF orphaned THEN
        RAISE foreign_key_violation USING MESSAGE = '{missing}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION {table}_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM registry_lock_keys(ARRAY[new.municipality_id], alone => false);
    IF NOT EXISTS (
        SELECT FROM {parent} AS p WHERE p.id = new.{column} AND p.municipality_id = new.municipality_id
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = '{missing}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION {table}_is_whole, {table}_moves FROM PUBLIC;
CREATE TRIGGER {table}_is_whole AFTER INSERT ON {table}
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_whole();
CREATE TRIGGER {table}_moves AFTER UPDATE OF {column}, municipality_id ON {table}
FOR EACH ROW WHEN ((old.{column}, old.municipality_id) IS DISTINCT FROM (new.{column}, new.municipality_id))
EXECUTE FUNCTION {table}_moves();
"""
NO_REFERENCE = """
DROP TRIGGER {table}_is_whole ON {table};
DROP TRIGGER {table}_moves ON {table};
DROP FUNCTION {table}_is_whole, {table}_moves;
"""

# What is referred to: deferred, as a key is, since a cascade may delete in any order. What a statement writes without
# changing it (Django's save) asks nobody.
REFERRED = """
CREATE FUNCTION {table}_parent_leaves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM registry_lock_keys(ARRAY[old.municipality_id], alone => true);
    IF EXISTS (
        SELECT FROM {table} AS w
        WHERE w.{column} = old.id AND NOT EXISTS (
            SELECT FROM {parent} AS p WHERE p.id = w.{column} AND p.municipality_id = w.municipality_id
        )
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = '{left}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION {table}_parent_is_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM {table}) THEN
        RAISE foreign_key_violation USING MESSAGE = '{left}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION {table}_parent_leaves, {table}_parent_is_emptied FROM PUBLIC;
CREATE CONSTRAINT TRIGGER {table}_parent_leaves AFTER DELETE ON {parent}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_parent_leaves();
CREATE CONSTRAINT TRIGGER {table}_parent_moves AFTER UPDATE OF id, municipality_id ON {parent}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((old.id, old.municipality_id) IS DISTINCT FROM (new.id, new.municipality_id))
EXECUTE FUNCTION {table}_parent_leaves();
CREATE TRIGGER {table}_parent_is_emptied AFTER TRUNCATE ON {parent}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_parent_is_emptied();
"""
NO_REFERRED = """
DROP TRIGGER {table}_parent_leaves ON {parent};
DROP TRIGGER {table}_parent_moves ON {parent};
DROP TRIGGER {table}_parent_is_emptied ON {parent};
DROP FUNCTION {table}_parent_leaves, {table}_parent_is_emptied;
"""


def lock_of_keys() -> RunSQL:
    """The lock that all keys of the database share; before the first of them."""
    return RunSQL(LOCK, NO_LOCK)


def statement_key(*, table: str, column: str, parent: str, missing: str, left: str) -> RunSQL:
    """Both sides of one key, for a migration after which the field has `db_constraint=False`.

    Both tables have `municipality_id`. `missing` and `left` are what a refusal says: they name no row.
    """
    names = {"table": table, "column": column, "parent": parent, "missing": missing, "left": left}
    return RunSQL(
        [REFERENCE.format(**names), REFERRED.format(**names)],
        [NO_REFERRED.format(**names), NO_REFERENCE.format(**names)],
    )
