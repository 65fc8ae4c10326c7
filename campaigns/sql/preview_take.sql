-- What the planner would write, beside the deadlines as they stand: one side of a preview.
SELECT n.id, n.citizen_id, n.closed, n.new_kind AS kind, n.new_at AS at, n.new_reason AS reason, n.new_detail AS detail,
    f.mandatory, f.programme_id,
    (n.new_at AT TIME ZONE 'Europe/Copenhagen')::date AS day,
    f.first_contact_at IS NULL AND n.closed IS NULL AS uncontacted,
    f.first_contact_due,
    -- As selectors/deadlines.py has it: the first contact's until there has been one, then the answer's, none once kept.
    CASE WHEN n.closed IS NOT NULL THEN NULL
        WHEN f.first_contact_at IS NULL THEN f.first_contact_due
        WHEN n.new_reason = 'attempts_done' THEN NULL
        WHEN f.outcome NOT IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number')
            AND NOT coalesce(f.outcome_at < f.first_contact_at, false) THEN NULL
        ELSE f.answer_due END AS deadline
FROM stepped n
JOIN registry_followup f ON f.id = n.id
