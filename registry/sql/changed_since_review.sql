-- L5: the rows that changed go to a second review, each with what changed. What is proposed for them then is what their
-- list says, unless the citizen may not be followed up any more.
WITH changed AS (
    UPDATE registry_listrow AS r
    SET
        citizen_id = changed_rows.citizen_id,
        row_class = CASE WHEN r.row_class = 'gone' THEN 'gone' ELSE 'needs_decision' END,
        problem_code = CASE WHEN r.row_class = 'gone' THEN '' ELSE changed_rows.code END,
        problem_column = CASE WHEN r.row_class = 'gone' THEN '' ELSE 'cpr' END,
        warning_code = CASE WHEN r.row_class = 'gone' THEN changed_rows.code ELSE r.warning_code END,
        decision
        = CASE
            WHEN r.row_class = 'gone' THEN ''
            WHEN changed_rows.code IN ('ended_since', 'moved_since') THEN 'skip'
            ELSE 'import'
        END,
        decided_by_name = '',
        earlier_outcome = coalesce(changed_rows.outcome, ''),
        earlier_outcome_at = changed_rows.outcome_at,
        reviewed_state = changed_rows.state
    FROM changed_rows
    WHERE r.id = changed_rows.row_id
    RETURNING changed_rows.code
)

SELECT
    code,
    count(*)
FROM changed
GROUP BY code
ORDER BY code
