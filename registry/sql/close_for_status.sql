-- C3: dead, disappeared, emigrated, cancelled and moved citizens: all work is closed at once, and why.
WITH ending AS (
    SELECT
        f.*,
        CASE WHEN c.status = 'outside' THEN 'moved' ELSE 'status' END AS reason
    FROM registry_followup AS f
    INNER JOIN registry_citizen AS c ON c.id = f.citizen_id
    WHERE
        f.municipality_id = %(municipality)s
        AND f.status = 'open'
        AND c.status = ANY(%(statuses)s)
        AND (%(citizens)s::bigint[] IS NULL OR c.id = ANY(%(citizens)s::bigint[]))
),

written AS (
    INSERT INTO registry_followupchange (municipality_id, follow_up_id, kind, at, by_name, week, reason, before)
    -- Where it stood: two records that become one go on from there (C3).
    SELECT
        municipality_id,
        id,
        'closed',
        %(now)s,
        %(by)s,
        weeks_on_list,
        reason,
        jsonb_build_object(
            'next_step_kind', next_step_kind,
            'next_step_at', next_step_at,
            'next_step_reason', next_step_reason,
            'next_step_detail', next_step_detail
        )
    FROM ending
)

UPDATE registry_followup AS f
SET
    status = 'closed',
    closed_reason = e.reason,
    closed_at = %(now)s,
    next_step_kind = '',
    next_step_at = NULL,
    next_step_reason = '',
    next_step_detail = '{}',
    updated_at = %(now)s
FROM ending AS e
WHERE f.id = e.id
