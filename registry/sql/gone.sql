-- L7: who the earlier lists of this scope named and this one does not; only groups that this list covers.
-- Absent is not vaccinated: the row says so and the follow-up is closed as "no longer on the list" at commit.
INSERT INTO registry_listrow (
    municipality_id, nonresponder_list_id, row_number, cpr_kind, sex, name, target_group, invited_on,
    row_class, problem_code, problem_column, warning_code, decision, decided_by_name,
    citizen_id, week, earlier_outcome, earlier_outcome_at, reviewed_state
)
SELECT
    %(municipality)s,
    %(list)s,
    NULL,
    '',
    '',
    c.name,
    f.target_group,
    f.invited_on,
    'gone',
    '',
    '',
    '',
    '',
    '',
    f.citizen_id,
    f.weeks_on_list,
    f.outcome,
    f.outcome_at,
    concat_ws('|', c.status, c.protected, true, f.status, f.closed_reason)
FROM registry_followup AS f
INNER JOIN registry_citizen AS c ON c.id = f.citizen_id
INNER JOIN registry_nonresponderlist AS seen ON seen.id = f.last_list_id
WHERE
    f.municipality_id = %(municipality)s
    AND f.programme_id = %(programme)s
    AND f.last_list_id = ANY(%(scope)s)
    AND f.target_group = ANY(%(groups)s)
    -- A refusal rides on the rows while lists name the citizen (L8a): it is gone once, after the last of them.
    AND (f.status = 'open' OR (f.last_list_id = %(previous)s AND f.closed_reason NOT IN ('gone', 'undone')))
    AND NOT EXISTS (
        SELECT 1 FROM registry_listrow AS r
        WHERE r.nonresponder_list_id = %(list)s AND r.citizen_id = f.citizen_id
    )
    -- Still on a list of the other kind, or of an order in force: not gone.
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
    -- They asked for help themselves since the last list that named them (L9).
    AND NOT EXISTS (
        SELECT 1 FROM registry_case AS called WHERE called.follow_up_id = f.id AND called.created_at > seen.committed_at
    )
    -- A list has passed them over already, and somebody opened them again in spite of it (L8).
    AND NOT (
        f.opened_at > seen.committed_at
        AND EXISTS (
            SELECT 1
            FROM registry_followupchange AS h
            INNER JOIN registry_nonresponderlist AS l ON l.id = h.nonresponder_list_id
            WHERE
                h.follow_up_id = f.id
                AND h.kind = 'closed'
                AND h.reason = 'gone'
                AND h.at > seen.committed_at
                AND l.state = 'committed'
        )
    )
