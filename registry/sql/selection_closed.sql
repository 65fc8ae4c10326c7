-- Close the open follow-ups of a selection that no list has taken over, with a line in the history.
-- Ended, not undone: who has given an answer is helped to the end.
WITH closing AS (
    UPDATE registry_followup AS f
    SET
        status = 'closed',
        closed_reason = %(reason)s,
        closed_at = %(now)s,
        next_step_kind = '',
        next_step_at = NULL,
        next_step_reason = '',
        next_step_detail = '{}',
        updated_at = %(now)s
    WHERE
        f.selection_id = %(selection)s
        AND f.status = 'open'
        AND f.last_list_id IS NULL
        AND f.outcome IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number')
    RETURNING f.id
)

INSERT INTO registry_followupchange (
    municipality_id, follow_up_id, kind, at, by_name, selection_id, reason, before
)
SELECT
    %(municipality)s,
    id,
    'closed',
    %(now)s,
    %(by)s,
    %(selection)s,
    %(reason)s,
    '{}'
FROM closing
