-- The rows to act on, once per citizen, with what happens to their follow-up. Read again at commit: what the review
-- saw is only a proposal (L5).
CREATE TEMPORARY TABLE committing ON COMMIT DROP AS
WITH rules AS MATERIALIZED (
    -- L8 as data, resolved by registry.reask_rules: one row for each reason and answer.
    SELECT *
    FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule (
        closed_reason text, outcome text, when_listed boolean, when_other_group boolean,
        when_new_programme boolean, after_days integer
    )
),

facing AS (
    SELECT DISTINCT ON (r.citizen_id)
        r.row_id,
        r.citizen_id,
        r.row_class IN ('needs_decision', 'moved') AS decided,
        r.target_group,
        r.target_group = ANY(%(mandatory)s) AS mandatory,
        r.invited_on,
        r.week,
        f.id AS follow_up_id,
        f.status,
        barring.citizen_id IS NOT NULL AS barred,
        barring.closed_reason AS barred_reason,
        barring.outcome AS barred_outcome,
        barring.outcome_at AS barred_outcome_at,
        -- Lists of one kind do not disturb the other's (L7): a standing list takes over, an ordered one stands back.
        coalesce(
            %(kind)s <> 'standing'
            AND last_list.state = 'committed'
            AND (last_list.kind <> %(kind)s OR last_list.order_id IS DISTINCT FROM %(order)s::bigint),
            false
        ) AS of_other_list,
        -- The same rule as registry.reask_rules.why_asked_again; a test holds the two equal on random data.
        CASE
            WHEN f.status IS DISTINCT FROM 'closed' OR barring.citizen_id IS NOT NULL THEN ''
            WHEN rules.when_listed THEN 'listed'
            WHEN
                coalesce(f.reopen_on, (f.closed_at AT TIME ZONE 'Europe/Copenhagen')::date + rules.after_days)
                <= %(today)s
                AND f.closed_reason <> 'do_not_contact'
                THEN 'rested'
            WHEN
                rules.when_other_group
                AND r.target_group <> f.target_group
                AND r.target_group <> ''
                AND f.target_group <> ''
                THEN 'other_group'
            ELSE ''
        END AS why
    FROM reviewed_rows AS r
    LEFT JOIN registry_followup AS f ON f.citizen_id = r.citizen_id AND f.programme_id = %(programme)s
    LEFT JOIN registry_nonresponderlist AS last_list ON last_list.id = f.last_list_id
    LEFT JOIN rules ON rules.closed_reason = f.closed_reason AND rules.outcome = f.outcome
    LEFT JOIN barring ON barring.citizen_id = r.citizen_id
    WHERE r.acted_on AND r.citizen_id IS NOT NULL
    ORDER BY r.citizen_id, r.row_number
)

SELECT
    facing.*,
    CASE
        WHEN follow_up_id IS NULL AND barred THEN 'rest'
        WHEN follow_up_id IS NULL THEN 'open'
        -- IP03: an older list never overwrites what a newer one said.
        WHEN %(older)s THEN 'leave'
        WHEN why <> '' THEN 'reopen'
        WHEN of_other_list THEN 'leave'
        ELSE 'see'
    END AS act
FROM facing
