import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from outreach.privacy.row_security import enable_row_security

# K4: the most urgent call nobody else has. One statement from the caller's side: 15 questions and answers took 24 ms,
# and held their locks as long. The plan is kept by the connection and does not hang on statistics (SET below): each
# probe walks the index in the order in which calls are given out, and stops at the first that is due and not locked.
FIRST_CALL = """
CREATE FUNCTION campaigns_first_call(
    of_municipality integer, of_priority integer, of_languages text[], of_parts integer[], pressing_until date,
    moment timestamptz, skipped text[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    found_id bigint;
BEGIN
    IF pressing_until IS NULL THEN
        SELECT best.id INTO found_id
        FROM unnest(of_languages) AS spoken (language), unnest(of_parts) AS tried (part), LATERAL (
            SELECT t.id, t.deadline, t.due_at FROM campaigns_calltask AS t
            WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.assigned_to_id IS NULL
                AND NOT t.agreed_time AND t.priority = of_priority AND t.language = spoken.language
                AND t.tried_part = tried.part AND t.due_at <= moment AND t.household_key <> ALL (skipped)
                AND NOT EXISTS (
                    SELECT FROM campaigns_calltask AS held
                    WHERE held.municipality_id = of_municipality AND held.household_key = t.household_key
                        AND held.state = 'claimed' OFFSET 0
                )
            ORDER BY t.deadline, t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS best
        ORDER BY best.deadline, best.due_at, best.id LIMIT 1;
    ELSE
        SELECT best.id INTO found_id
        FROM unnest(of_languages) AS spoken (language), unnest(of_parts) AS tried (part), LATERAL (
            SELECT t.id, t.deadline, t.due_at FROM campaigns_calltask AS t
            WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.assigned_to_id IS NULL
                AND NOT t.agreed_time AND t.priority = of_priority AND t.language = spoken.language
                AND t.tried_part = tried.part AND t.deadline <= pressing_until AND t.due_at <= moment
                AND t.household_key <> ALL (skipped)
                AND NOT EXISTS (
                    SELECT FROM campaigns_calltask AS held
                    WHERE held.municipality_id = of_municipality AND held.household_key = t.household_key
                        AND held.state = 'claimed' OFFSET 0
                )
            ORDER BY t.deadline, t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS best
        ORDER BY best.deadline, best.due_at, best.id LIMIT 1;
    END IF;
    RETURN found_id;
END $$
"""
# In which order the groups are asked: campaigns/services/calls/claiming.py says it in words.
NEXT_CALL = """
CREATE FUNCTION campaigns_next_call(
    of_municipality integer, caller bigint, own_languages text[], only_language text, part integer, today date,
    moment timestamptz, grace interval, at_work_since timestamptz, skipped text[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    found_id bigint;
    of_priority integer;
    languages text[];
    other text;
    turn integer;
    at_work bigint[];
    others integer[] := array_remove(ARRAY[1, 2, 3], part);
BEGIN
    -- A promised time: to the one who gave the promise while they are at work, after the grace to anybody.
    IF EXISTS (
        SELECT FROM campaigns_calltask AS t
        WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.agreed_time AND t.due_at <= moment OFFSET 0
    ) THEN
        SELECT t.id INTO found_id
        FROM campaigns_calltask AS t
        WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.agreed_time AND t.due_at <= moment
            AND coalesce(t.assigned_to_id, t.promised_by_user_id) = caller
            AND (only_language IS NULL OR t.language = only_language) AND t.household_key <> ALL (skipped)
            AND NOT EXISTS (
                SELECT FROM campaigns_calltask AS held
                WHERE held.municipality_id = of_municipality AND held.household_key = t.household_key
                    AND held.state = 'claimed' OFFSET 0
            )
        ORDER BY t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF found_id IS NOT NULL THEN
            RETURN found_id;
        END IF;
        at_work := ARRAY(
            SELECT t.claimed_by_id FROM campaigns_calltask AS t
            WHERE t.municipality_id = of_municipality AND t.state = 'claimed' AND t.claimed_until > moment
        );
        at_work := at_work || ARRAY(
            SELECT promise.to_whom FROM (
                SELECT DISTINCT coalesce(t.assigned_to_id, t.promised_by_user_id) AS to_whom
                FROM campaigns_calltask AS t
                WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.agreed_time
                    AND t.due_at <= moment AND t.due_at > moment - grace
            ) AS promise
            WHERE promise.to_whom <> ALL (at_work) AND at_work_since <= (
                SELECT worked.at FROM campaigns_contactattempt AS worked
                WHERE worked.municipality_id = of_municipality AND worked.by_user_id = promise.to_whom
                    AND worked.at <= moment
                ORDER BY worked.at DESC LIMIT 1
            )
        );
        -- Those whose language one speaks, then all.
        FOR turn IN 1..2 LOOP
            SELECT t.id INTO found_id
            FROM campaigns_calltask AS t
            WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.agreed_time AND t.due_at <= moment
                AND (only_language IS NULL OR t.language = only_language) AND t.household_key <> ALL (skipped)
                AND (turn = 2 OR t.language = ANY (array_append(own_languages, 'da')))
                AND (
                    t.due_at <= moment - grace OR coalesce(t.assigned_to_id, t.promised_by_user_id) IS NULL
                    OR coalesce(t.assigned_to_id, t.promised_by_user_id) <> ALL (at_work)
                )
                AND NOT EXISTS (
                    SELECT FROM campaigns_calltask AS held
                    WHERE held.municipality_id = of_municipality AND held.household_key = t.household_key
                        AND held.state = 'claimed' OFFSET 0
                )
            ORDER BY t.due_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED;
            IF found_id IS NOT NULL THEN
                RETURN found_id;
            END IF;
        END LOOP;
    END IF;
    SELECT t.id INTO found_id
    FROM campaigns_calltask AS t
    WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.assigned_to_id = caller
        AND NOT t.agreed_time AND t.due_at <= moment AND (only_language IS NULL OR t.language = only_language)
        AND t.household_key <> ALL (skipped)
        AND NOT EXISTS (
            SELECT FROM campaigns_calltask AS held
            WHERE held.municipality_id = of_municipality AND held.household_key = t.household_key
                AND held.state = 'claimed' OFFSET 0
        )
    ORDER BY t.priority, coalesce(t.deadline <= today, false) DESC, t.tried_part > 0, t.tried_part = part,
        t.deadline, t.due_at, t.id
    LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF found_id IS NOT NULL THEN
        RETURN found_id;
    END IF;
    FOREACH of_priority IN ARRAY ARRAY[0, 1, 2] LOOP
        FOR turn IN 1..3 LOOP
            IF turn = 1 THEN
                languages := CASE WHEN only_language IS NULL THEN own_languages ELSE ARRAY[only_language] END;
            ELSIF only_language IS NOT NULL THEN
                EXIT;
            ELSIF turn = 2 THEN
                languages := ARRAY['da'];
            ELSE
                -- The languages that wait, one step of the index for each.
                languages := '{}';
                other := '';
                LOOP
                    SELECT t.language INTO other FROM campaigns_calltask AS t
                    WHERE t.municipality_id = of_municipality AND t.state = 'open' AND t.assigned_to_id IS NULL
                        AND NOT t.agreed_time AND t.priority = of_priority AND t.language > other
                    ORDER BY t.language LIMIT 1;
                    EXIT WHEN NOT FOUND;
                    IF other <> ALL (array_append(own_languages, 'da')) THEN
                        languages := languages || other;
                    END IF;
                END LOOP;
            END IF;
            CONTINUE WHEN cardinality(languages) = 0;
            -- A deadline that presses goes before everything; retries go behind, those tried at this time of day last.
            found_id := coalesce(
                campaigns_first_call(of_municipality, of_priority, languages, ARRAY[0], today, moment, skipped),
                campaigns_first_call(of_municipality, of_priority, languages, others, today, moment, skipped),
                campaigns_first_call(of_municipality, of_priority, languages, ARRAY[part], today, moment, skipped),
                campaigns_first_call(of_municipality, of_priority, languages, ARRAY[0], NULL, moment, skipped),
                campaigns_first_call(of_municipality, of_priority, languages, others, NULL, moment, skipped),
                campaigns_first_call(of_municipality, of_priority, languages, ARRAY[part], NULL, moment, skipped)
            );
            IF found_id IS NOT NULL THEN
                RETURN found_id;
            END IF;
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$
"""
CLAIM_CALL = """
CREATE FUNCTION campaigns_claim_call(
    of_municipality integer, caller bigint, own_languages text[], only_language text, part integer, today date,
    moment timestamptz, until timestamptz, grace interval, at_work_since timestamptz, call_kinds text[],
    OUT task_id bigint, OUT fresh boolean
)
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    chosen record;
    skipped text[] := '{}';
BEGIN
    -- Two windows of one caller take turns, so that the second finds what the first took.
    PERFORM pg_advisory_xact_lock(hashtextextended('caller', caller));
    fresh := false;
    LOOP
        SELECT t.id, t.citizen_id INTO chosen FROM campaigns_calltask AS t
        WHERE t.municipality_id = of_municipality AND t.state = 'claimed' AND t.claimed_by_id = caller
            AND t.claimed_until > moment
        ORDER BY t.claimed_until, t.id LIMIT 1 FOR UPDATE;
        EXIT WHEN NOT FOUND;
        IF EXISTS (
            SELECT FROM registry_followup AS f WHERE f.citizen_id = chosen.citizen_id AND f.status = 'open' OFFSET 0
        ) THEN
            task_id := chosen.id;
            RETURN;
        END IF;
        UPDATE campaigns_calltask
        SET state = 'cancelled', closed_at = moment, claimed_by_id = NULL, claimed_until = NULL WHERE id = chosen.id;
    END LOOP;
    -- Claims that ran out are open from here on; locked ones are somebody's business at this moment.
    FOR chosen IN
        SELECT t.id FROM campaigns_calltask AS t
        WHERE t.state = 'claimed' AND t.claimed_until <= moment AND t.municipality_id = of_municipality
        FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE campaigns_calltask SET state = 'open', claimed_by_id = NULL, claimed_until = NULL WHERE id = chosen.id;
    END LOOP;
    fresh := true;
    LOOP
        task_id := campaigns_next_call(of_municipality, caller, own_languages, only_language, part, today, moment, grace,
            at_work_since, skipped);
        EXIT WHEN task_id IS NULL;
        SELECT t.citizen_id, t.household_key INTO chosen FROM campaigns_calltask AS t WHERE t.id = task_id;
        -- Somebody reaches for the same household at this moment: nobody waits, the next one is taken.
        IF NOT pg_try_advisory_xact_lock(hashtextextended('household ' || chosen.household_key, of_municipality)) THEN
            skipped := skipped || chosen.household_key::text;
            CONTINUE;
        END IF;
        -- A list may have been undone since the last plan: nobody is called without an open follow-up.
        IF NOT EXISTS (
            SELECT FROM registry_followup AS f WHERE f.citizen_id = chosen.citizen_id AND f.status = 'open'
                AND f.next_step_kind = ANY (call_kinds) OFFSET 0
        ) THEN
            UPDATE campaigns_calltask SET state = 'cancelled', closed_at = moment WHERE id = task_id;
            CONTINUE;
        END IF;
        BEGIN
            -- Asked again under the lock: the one who had it may have committed since the question above.
            UPDATE campaigns_calltask AS t
            SET state = 'claimed', claimed_by_id = caller, claimed_at = moment, claimed_until = until
            WHERE t.id = task_id AND NOT EXISTS (
                SELECT FROM campaigns_calltask AS held
                WHERE held.municipality_id = of_municipality AND held.household_key = chosen.household_key
                    AND held.state = 'claimed' OFFSET 0
            );
            EXIT WHEN FOUND;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
        skipped := skipped || chosen.household_key::text;
    END LOOP;
END $$
"""
NO_FUNCTIONS = """
DROP FUNCTION campaigns_claim_call;
DROP FUNCTION campaigns_next_call;
DROP FUNCTION campaigns_first_call;
"""
# Each claim leaves a dead entry at the very front of the queue: they are cleared away before they are thousands.
CLEARED_EARLY = "ALTER TABLE campaigns_calltask SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 85)"


class Migration(migrations.Migration):
    """The call queue with many callers (K4)."""

    dependencies = [
        ("campaigns", "0010_policy_settings"),
        ("registry", "0012_list_speed"),
    ]

    operations = [
        migrations.AddField(
            model_name="calltask",
            name="claimed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="calltask",
            name="tried_part",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Ikke ringet endnu"),
                    (1, "Formiddag"),
                    (2, "Eftermiddag"),
                    (3, "Aften"),
                ],
                db_default=0,
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="calltask",
            name="promised_by_user_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.RemoveIndex(model_name="calltask", name="call_task_queue"),
        migrations.AddIndex(
            model_name="calltask",
            index=models.Index(
                condition=Q(("agreed_time", False), ("assigned_to__isnull", True), ("state", "open")),
                fields=["municipality", "priority", "language", "tried_part", "deadline", "due_at", "id"],
                name="call_task_order",
            ),
        ),
        migrations.AddIndex(
            model_name="calltask",
            index=models.Index(
                condition=Q(("agreed_time", True), ("state", "open")),
                fields=["municipality", "due_at", "id"],
                name="call_task_promised",
            ),
        ),
        migrations.AddIndex(
            model_name="contactattempt",
            index=models.Index(fields=["municipality", "at"], name="attempt_by_day"),
        ),
        migrations.AddIndex(
            model_name="contactattempt",
            index=models.Index(fields=["municipality", "by_user_id", "at"], name="attempt_by_caller"),
        ),
        migrations.CreateModel(
            name="CallTaskChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "Tildelt"),
                            ("released", "Givet fri"),
                            ("taken_over", "Taget over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("assigned_before", models.BigIntegerField(null=True)),
                ("assigned_after", models.BigIntegerField(null=True)),
                ("claimed_before", models.BigIntegerField(null=True)),
                ("claimed_until_before", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="campaigns.calltask",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="calltaskchange",
            constraint=models.UniqueConstraint(fields=("batch", "task"), name="call_change_once_per_batch"),
        ),
        enable_row_security("campaigns_calltaskchange"),
        migrations.RunSQL(FIRST_CALL, migrations.RunSQL.noop),
        migrations.RunSQL(NEXT_CALL, migrations.RunSQL.noop),
        migrations.RunSQL(CLAIM_CALL, NO_FUNCTIONS),
        migrations.RunSQL(
            CLEARED_EARLY, "ALTER TABLE campaigns_calltask RESET (autovacuum_vacuum_scale_factor, fillfactor)"
        ),
    ]
