-- The rows to act on, once per citizen, with what happens to their follow-up. Read again at commit: what the review
-- saw is only a proposal (L5).
CREATE TEMPORARY TABLE committing ON COMMIT DROP AS
SELECT DISTINCT ON (r.citizen_id)
    r.id AS row_id,
    r.citizen_id,
    r.target_group,
    r.target_group = ANY(%(mandatory)s) AS mandatory,
    r.invited_on,
    r.week,
    f.id AS follow_up_id,
    CASE
        WHEN f.id IS NULL THEN 'open'
        -- IP03: an older list never overwrites what a newer one said.
        WHEN %(older)s THEN 'leave'
        WHEN f.status = 'open' THEN 'see'
        WHEN f.closed_reason IN ('gone', 'undone') THEN 'reopen'
        -- Back by the registry. A death or a move that a caller was told of rides on the row: nobody asks again (L8).
        WHEN f.closed_reason IN ('status', 'moved') AND f.outcome NOT IN ('deceased', 'moved') THEN 'reopen'
        WHEN f.closed_reason = 'do_not_contact' THEN 'see'
        -- L8: a no rests until its date, or until they return under another group; else it rides on the row.
        WHEN f.reopen_on <= %(today)s THEN 'reopen'
        WHEN r.target_group <> f.target_group AND r.target_group <> '' AND f.target_group <> '' THEN 'reopen'
        ELSE 'see'
    END AS act
FROM registry_listrow AS r
LEFT JOIN registry_followup AS f ON f.citizen_id = r.citizen_id AND f.programme_id = %(programme)s
WHERE
    r.nonresponder_list_id = %(list)s
    AND r.citizen_id IS NOT NULL
    AND (
        r.row_class IN ('new', 'waiting', 'other_number')
        OR (r.row_class IN ('needs_decision', 'moved') AND r.decision = 'import')
    )
ORDER BY r.citizen_id, r.row_number
