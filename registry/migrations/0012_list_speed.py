import django.db.models.deletion
from django.db import migrations, models

# What foreign keys from follow-ups to citizens, and from history to follow-ups, would hold, but for all rows of a
# statement at once (docs/decisions/0013). As a foreign key does, the functions look past row security: they are the
# owner's, and nobody else may call them or hang them on a table of their own. The lock stands for the row locks of a
# key: who writes a reference shares it from before the check until the end of the transaction, who deletes what may be
# referred to has it alone; both look after they have it, and under READ COMMITTED a statement of a function sees what
# was committed until then. A reference stays within its municipality, so that the two sides always meet at one lock.
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
CREATE FUNCTION {parent}_leaves() RETURNS trigger
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

CREATE FUNCTION {parent}_is_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM {table}) THEN
        RAISE foreign_key_violation USING MESSAGE = '{left}', TABLE = '{table}';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION {parent}_leaves, {parent}_is_emptied FROM PUBLIC;
CREATE CONSTRAINT TRIGGER {parent}_leaves AFTER DELETE ON {parent}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {parent}_leaves();
CREATE CONSTRAINT TRIGGER {parent}_leaves_its_place AFTER UPDATE OF id, municipality_id ON {parent}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((old.id, old.municipality_id) IS DISTINCT FROM (new.id, new.municipality_id))
EXECUTE FUNCTION {parent}_leaves();
CREATE TRIGGER {parent}_is_emptied AFTER TRUNCATE ON {parent}
FOR EACH STATEMENT EXECUTE FUNCTION {parent}_is_emptied();
"""
NO_REFERRED = """
DROP TRIGGER {parent}_leaves ON {parent};
DROP TRIGGER {parent}_leaves_its_place ON {parent};
DROP TRIGGER {parent}_is_emptied ON {parent};
DROP FUNCTION {parent}_leaves, {parent}_is_emptied;
"""

KEYS = [
    {
        "table": "registry_followup",
        "column": "citizen_id",
        "parent": "registry_citizen",
        "missing": "a follow-up names a citizen who does not exist",
        "left": "the citizen still has a follow-up",
    },
    {
        "table": "registry_followupchange",
        "column": "follow_up_id",
        "parent": "registry_followup",
        "missing": "a change names a follow-up that does not exist",
        "left": "the follow-up still has its history",
    },
]


def key(names: dict[str, str]) -> migrations.RunSQL:
    """Both sides of one key."""
    return migrations.RunSQL(
        [REFERENCE.format(**names), REFERRED.format(**names)],
        [NO_REFERRED.format(**names), NO_REFERENCE.format(**names)],
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_orders_and_national_files")]

    operations = [
        migrations.RemoveConstraint(model_name="citizen", name="citizen_once_per_municipality"),
        migrations.AddConstraint(
            model_name="citizen",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cpr_index__isnull", False)),
                fields=("cpr_index", "municipality"),
                name="citizen_once_per_municipality",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="citizen",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_ups",
                to="registry.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="followupchange",
            name="follow_up",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="registry.followup",
            ),
        ),
        migrations.RunSQL(LOCK, NO_LOCK),
        *[key(names) for names in KEYS],
    ]
