-- L8: answers in another programme after which nobody asks in this one either; who gave them, and the newest of each.
CREATE TEMPORARY TABLE barring ON COMMIT DROP AS
SELECT DISTINCT ON (f.citizen_id)
    f.citizen_id,
    f.closed_reason,
    f.outcome,
    f.outcome_at
FROM registry_followup AS f
INNER JOIN jsonb_to_recordset(%(rules)s::jsonb) AS rule (closed_reason text, outcome text, when_new_programme boolean)
    ON rule.closed_reason = f.closed_reason AND rule.outcome = f.outcome
WHERE
    f.municipality_id = %(municipality)s
    AND f.programme_id <> %(programme)s
    AND f.status = 'closed'
    AND NOT rule.when_new_programme
ORDER BY f.citizen_id, f.closed_at DESC
