-- L5: rows whose citizen or follow-up is no longer what the review showed go to a second review.
UPDATE registry_listrow AS r
SET
    row_class = 'needs_decision',
    problem_code = 'changed_since_review',
    problem_column = 'cpr',
    decision = '',
    earlier_outcome = coalesce(f.outcome, ''),
    earlier_outcome_at = f.outcome_at,
    reviewed_state = concat_ws('|', c.status, f.status, f.closed_reason)
FROM registry_citizen AS c
LEFT JOIN registry_followup AS f ON f.citizen_id = c.id AND f.programme_id = %(programme)s
WHERE
    r.nonresponder_list_id = %(list)s
    AND c.id = r.citizen_id
    AND (
        r.row_class IN ('new', 'waiting', 'other_number')
        OR (r.row_class = 'needs_decision' AND r.problem_code <> 'citizen_status')
    )
    AND r.reviewed_state <> concat_ws('|', c.status, f.status, f.closed_reason)
