-- K4, C8: one open task per citizen to be called, for all programmes at once, with the most urgent of their dates.
WITH wanted AS (
    SELECT f.municipality_id, f.citizen_id,
        min(f.next_step_at) AS due_at,
        bool_or(f.next_step_reason = 'agreed_time') AS agreed_time,
        min(CASE WHEN f.next_step_reason IN ('agreed_time', 'asked_for_call') THEN 0
            WHEN f.mandatory THEN 1 ELSE 2 END) AS priority,
        min(CASE WHEN f.first_contact_at IS NULL THEN coalesce(f.first_contact_due, f.answer_due)
            ELSE f.answer_due END) AS deadline,
        max(f.call_attempts) AS attempts,
        -- K4: retries vary the time of day (models.calls.TriedPart; campaigns/step_times.py names the parts).
        CASE WHEN max(f.call_attempts) = 0 THEN 0 ELSE (
            SELECT CASE WHEN last.hour < 12 THEN 1 WHEN last.hour < 17 THEN 2 ELSE 3 END
            FROM (SELECT extract(hour FROM max(f.last_contact_at) AT TIME ZONE 'Europe/Copenhagen') AS hour) last
        ) END AS tried_part
    FROM registry_followup f
    WHERE f.status = 'open' AND f.next_step_kind = ANY (%(call_kinds)s)
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup WHERE last_list_id = %(list)s
        ))
    GROUP BY f.municipality_id, f.citizen_id
),
-- An agreed time is first of all the promise of whoever made it; promises are few.
promised AS (
    SELECT DISTINCT ON (a.citizen_id) a.citizen_id, a.by_user_id
    FROM wanted w
    JOIN campaigns_contactattempt a ON a.citizen_id = w.citizen_id AND a.undone_at IS NULL
    JOIN campaigns_contactanswer answer ON answer.attempt_id = a.id AND answer.next_step_reason = 'agreed_time'
    WHERE w.agreed_time
    ORDER BY a.citizen_id, a.at DESC, a.id DESC
)
INSERT INTO campaigns_calltask AS task
    (municipality_id, citizen_id, household_key, state, due_at, agreed_time, priority, deadline, language, attempts,
     tried_part, promised_by_user_id, created_at)
SELECT w.municipality_id, w.citizen_id, coalesce(nullif(c.household_key, ''), 'citizen:' || c.id), 'open', w.due_at,
    w.agreed_time, w.priority, w.deadline, c.language, w.attempts, w.tried_part, p.by_user_id, %(now)s
FROM wanted w
JOIN registry_citizen c ON c.id = w.citizen_id
LEFT JOIN promised p ON p.citizen_id = w.citizen_id
LEFT JOIN campaigns_calltask present ON present.citizen_id = w.citizen_id AND present.state IN ('open', 'claimed')
WHERE present.id IS NULL OR (present.state = 'open' AND
    (present.household_key, present.due_at, present.agreed_time, present.priority, present.deadline,
        present.language, present.attempts, present.tried_part, present.promised_by_user_id)
    IS DISTINCT FROM (coalesce(nullif(c.household_key, ''), 'citizen:' || c.id)::varchar, w.due_at, w.agreed_time,
        w.priority, w.deadline, c.language, w.attempts, w.tried_part, p.by_user_id))
ON CONFLICT (citizen_id) WHERE state IN ('open', 'claimed') DO UPDATE
SET household_key = excluded.household_key, due_at = excluded.due_at, agreed_time = excluded.agreed_time,
    priority = excluded.priority, deadline = excluded.deadline, language = excluded.language,
    attempts = excluded.attempts, tried_part = excluded.tried_part,
    promised_by_user_id = excluded.promised_by_user_id
WHERE task.state = 'open'
