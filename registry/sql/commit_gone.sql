-- L7: open follow-ups of citizens who are gone from the list are closed as "no longer on the list".
WITH leaving AS (
    SELECT f.*
    FROM registry_followup AS f
    INNER JOIN reviewed_rows AS r ON r.citizen_id = f.citizen_id AND r.row_class = 'gone'
    INNER JOIN registry_nonresponderlist AS seen ON seen.id = f.last_list_id
    WHERE
        f.programme_id = %(programme)s
        AND f.status = 'open'
        -- A list of the other kind may have been committed since the review.
        AND NOT EXISTS (
            SELECT 1
            FROM registry_listrow AS still
            INNER JOIN
                unnest(%(live_lists)s::bigint[], %(live_groups)s::text[]) AS live (list_id, target_group)
                ON live.list_id = still.nonresponder_list_id
            WHERE
                still.citizen_id = f.citizen_id
                AND live.target_group IN (f.target_group, still.target_group)
                AND still.row_class IN ('new', 'waiting', 'other_number')
        )
        -- They may have called in since the review (L9).
        AND NOT EXISTS (
            SELECT 1 FROM registry_case AS called
            WHERE called.follow_up_id = f.id AND called.created_at > seen.committed_at
        )
),

written AS (
    INSERT INTO registry_followupchange (
        municipality_id, follow_up_id, kind, at, by_name, nonresponder_list_id, week, reason, before
    )
    SELECT
        %(municipality)s,
        l.id,
        'closed',
        %(now)s,
        %(by)s,
        %(list)s,
        l.weeks_on_list,
        'gone',
        jsonb_build_object(
            'status', l.status, 'closed_reason', l.closed_reason, 'closed_at', l.closed_at,
            'next_step_kind', l.next_step_kind, 'next_step_at', l.next_step_at,
            'next_step_reason', l.next_step_reason, 'next_step_detail', l.next_step_detail
        )
    FROM leaving AS l
)

UPDATE registry_followup AS f
SET
    status = 'closed',
    closed_reason = 'gone',
    closed_at = %(now)s,
    next_step_kind = '',
    next_step_at = NULL,
    next_step_reason = '',
    next_step_detail = '{}',
    updated_at = %(now)s
FROM leaving AS l
WHERE f.id = l.id
