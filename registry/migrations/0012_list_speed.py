import django.db.models.deletion
from django.db import migrations, models

# Follow-ups and citizens, as a foreign key would hold them, but for all rows of a statement at once. The lock keeps a
# citizen from being deleted between the check and the commit: those who insert share it, who deletes has it alone.
CITIZENS = """
CREATE FUNCTION registry_followup_has_citizen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('follow-up keys', municipality_id))
    FROM (SELECT DISTINCT municipality_id FROM written) AS places;
    IF EXISTS (
        SELECT FROM written AS f WHERE NOT EXISTS (SELECT FROM registry_citizen AS c WHERE c.id = f.citizen_id)
    ) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'a follow-up names a citizen who does not exist', TABLE = 'registry_followup';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_followup_has_citizen AFTER INSERT ON registry_followup
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION registry_followup_has_citizen();

CREATE FUNCTION registry_followup_moves_to_citizen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('follow-up keys', new.municipality_id));
    IF NOT EXISTS (SELECT FROM registry_citizen WHERE id = new.citizen_id) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'a follow-up names a citizen who does not exist', TABLE = 'registry_followup';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_followup_moves_to_citizen AFTER UPDATE OF citizen_id ON registry_followup
FOR EACH ROW WHEN (old.citizen_id <> new.citizen_id) EXECUTE FUNCTION registry_followup_moves_to_citizen();

CREATE FUNCTION registry_citizen_has_no_followup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('follow-up keys', old.municipality_id));
    IF EXISTS (SELECT FROM registry_followup WHERE citizen_id = old.id) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'the citizen still has a follow-up', TABLE = 'registry_followup';
    END IF;
    RETURN NULL;
END $$;

-- Deferred, as the key was: a cascade may delete in any order.
CREATE CONSTRAINT TRIGGER registry_citizen_has_no_followup AFTER DELETE ON registry_citizen
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_citizen_has_no_followup();
"""
WITHOUT_CITIZENS = """
DROP TRIGGER registry_followup_has_citizen ON registry_followup;
DROP TRIGGER registry_followup_moves_to_citizen ON registry_followup;
DROP TRIGGER registry_citizen_has_no_followup ON registry_citizen;
DROP FUNCTION registry_followup_has_citizen, registry_followup_moves_to_citizen, registry_citizen_has_no_followup;
"""
# A change is written by the statement that has its follow-up in hand; only a deletion could leave it alone.
HISTORY = """
CREATE FUNCTION registry_followup_has_no_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM registry_followupchange WHERE follow_up_id = old.id) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'the follow-up still has its history', TABLE = 'registry_followupchange';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER registry_followup_has_no_history AFTER DELETE ON registry_followup
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_followup_has_no_history();
"""
WITHOUT_HISTORY = """
DROP TRIGGER registry_followup_has_no_history ON registry_followup;
DROP FUNCTION registry_followup_has_no_history;
"""


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
        migrations.RunSQL(CITIZENS, WITHOUT_CITIZENS),
        migrations.RunSQL(HISTORY, WITHOUT_HISTORY),
    ]
