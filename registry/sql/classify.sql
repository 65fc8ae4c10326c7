-- Match every incoming row with the registry and say what the review must say about it (L3, L8, L8b, C6).
-- An exact number wins; a number the citizen had before finds its holder; a name never matches anything.
-- The context holds every municipality served here, so that "known elsewhere" can be told; each join says whose.
-- OFFSET 0 keeps the verdict from being worked out anew for every column that speaks of it (6 s of 10 for 200,000 rows).
INSERT INTO registry_listrow (
    municipality_id, nonresponder_list_id, row_number, cpr_ciphertext, cpr_index, cpr_kind, birth_date, sex, name,
    target_group, invited_on, row_class, problem_code, problem_column, warning_code, same_as_row,
    decision, decided_by_name, citizen_id, week, earlier_outcome, earlier_outcome_at, reviewed_state, reask_code
)
WITH rules AS MATERIALIZED (
    -- L8 as data, resolved by registry.reask_rules: one row for each reason and answer.
    SELECT *
    FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule (
        closed_reason text, outcome text, when_listed boolean, when_other_group boolean,
        when_new_programme boolean, after_days integer
    )
),

repeated AS (
    -- IC01, IC02: identical rows count once; rows that differ are for a person to choose between. Whose number stands
    -- twice is asked first, of the numbers alone: hardly anybody's.
    SELECT
        cpr_index,
        min(row_number) AS first_row,
        min(target_group) <> max(target_group)
        OR coalesce(min(invited_on) <> max(invited_on), false)
        OR min(coalesce(municipality_code, 0)) <> max(coalesce(municipality_code, 0)) AS differs
    FROM incoming
    WHERE
        problem_code = ''
        AND cpr_index IN (
            SELECT twice.cpr_index
            FROM incoming AS twice
            WHERE twice.problem_code = '' AND twice.cpr_index IS NOT NULL
            GROUP BY twice.cpr_index
            HAVING count(*) > 1
        )
    GROUP BY cpr_index
),

matched AS (
    SELECT
        i.*,
        repeated.first_row,
        coalesce(repeated.differs, false) AS differs,
        coalesce(held.id, own.id) AS citizen_id,
        coalesce(held.status, own.status) AS citizen_status,
        coalesce(held.protected, own.protected) AS protected,
        held.id IS NOT NULL AS under_other_number
    FROM incoming AS i
    LEFT JOIN repeated ON repeated.cpr_index = i.cpr_index AND i.problem_code = ''
    LEFT JOIN registry_citizen AS own
        ON own.municipality_id = %(municipality)s AND own.cpr_index = i.cpr_index
    LEFT JOIN registry_previousnumber AS previous
        ON
            previous.municipality_id = %(municipality)s
            AND previous.cpr_index = i.cpr_index
            AND (own.id IS NULL OR own.status = 'replaced')
    LEFT JOIN registry_citizen AS held ON held.id = previous.citizen_id
),

followed AS (
    SELECT
        m.*,
        f.status AS follow_up_status,
        f.closed_reason,
        coalesce(f.outcome, barring.outcome) AS outcome,
        CASE WHEN f.id IS NULL THEN barring.outcome_at ELSE f.outcome_at END AS outcome_at,
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
                AND m.target_group <> f.target_group
                AND m.target_group <> ''
                AND f.target_group <> ''
                THEN 'other_group'
            ELSE ''
        END AS reask_code,
        CASE
            WHEN f.id IS NULL THEN 1
            -- Weeks are those on the lists of one kind: an ordered list beside the standing one adds none.
            WHEN
                last_list.kind <> %(kind)s OR last_list.order_id IS DISTINCT FROM %(order)s::bigint
                THEN greatest(f.weeks_on_list, 1)
            -- The same week again, or an older one, adds no week.
            WHEN last_list.as_of >= %(as_of)s THEN greatest(f.weeks_on_list, 1)
            ELSE f.weeks_on_list + 1
        END AS week,
        CASE
            WHEN m.problem_code <> '' THEN 'unreadable'
            WHEN m.municipality_code <> %(municipality)s THEN 'moved other_municipality'
            WHEN m.differs THEN 'needs_decision same_cpr_differs'
            WHEN m.first_row < m.row_number THEN 'duplicate'
            WHEN m.warning_code <> '' THEN 'needs_decision ' || m.warning_code
            WHEN m.citizen_status IN ('deceased', 'disappeared', 'cancelled', 'replaced')
                THEN 'needs_decision citizen_status'
            WHEN m.citizen_status IN ('outside', 'emigrated') THEN 'moved not_resident'
            WHEN
                m.citizen_id IS NULL
                AND (
                    -- One look-up for each unknown number; as EXISTS, all citizens elsewhere would be read (10 s).
                    SELECT true
                    FROM registry_citizen AS elsewhere
                    WHERE
                        elsewhere.cpr_index = m.cpr_index
                        AND elsewhere.municipality_id = ANY(%(others)s)
                        AND elsewhere.status = 'active'
                    LIMIT 1
                )
                THEN 'moved known_elsewhere'
            WHEN m.citizen_id IS NULL AND m.name = '' THEN 'unreadable name_missing'
            WHEN m.under_other_number THEN 'other_number'
            WHEN
                barring.citizen_id IS NULL AND (f.id IS NULL OR (f.status = 'closed' AND rules.when_listed))
                THEN 'new'
            ELSE 'waiting'
        END AS verdict
    FROM matched AS m
    LEFT JOIN registry_followup AS f ON f.citizen_id = m.citizen_id AND f.programme_id = %(programme)s
    LEFT JOIN registry_nonresponderlist AS last_list ON last_list.id = f.last_list_id
    LEFT JOIN rules ON rules.closed_reason = f.closed_reason AND rules.outcome = f.outcome
    LEFT JOIN barring ON barring.citizen_id = m.citizen_id
    OFFSET 0
)

SELECT
    %(municipality)s,
    %(list)s,
    row_number,
    cpr_ciphertext,
    cpr_index,
    cpr_kind,
    birth_date,
    sex,
    name,
    target_group,
    invited_on,
    split_part(verdict, ' ', 1),
    CASE WHEN problem_code <> '' THEN problem_code ELSE split_part(verdict, ' ', 2) END,
    CASE
        WHEN problem_code <> '' THEN problem_column
        WHEN verdict = 'moved other_municipality' THEN 'municipality'
        WHEN verdict = 'unreadable name_missing' THEN 'name'
        WHEN strpos(verdict, ' ') > 0 THEN 'cpr'
        ELSE ''
    END,
    warning_code,
    CASE WHEN verdict = 'duplicate' OR differs THEN first_row END,
    '',
    '',
    citizen_id,
    week,
    coalesce(outcome, ''),
    outcome_at,
    CASE
        WHEN citizen_id IS NULL THEN ''
        ELSE concat_ws('|', citizen_status, protected, NOT under_other_number, follow_up_status, closed_reason)
    END,
    reask_code
FROM followed
-- In the order of the file: two of four indexes grow at their end only.
ORDER BY row_number
