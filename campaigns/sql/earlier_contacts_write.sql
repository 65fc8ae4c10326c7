-- Write the summaries of follow-ups as they were worked out; the same statement takes them back. One JSON row each.
UPDATE registry_followup AS f
SET
    status = n.status,
    closed_reason = n.closed_reason,
    closed_at = n.closed_at,
    reopen_on = n.reopen_on,
    outcome = n.outcome,
    outcome_at = n.outcome_at,
    barrier = n.barrier,
    first_contact_at = n.first_contact_at,
    last_contact_at = n.last_contact_at,
    call_attempts = n.call_attempts,
    sms_sent = n.sms_sent,
    letters_sent = n.letters_sent,
    next_step_kind = n.next_step_kind,
    next_step_at = n.next_step_at,
    next_step_reason = n.next_step_reason,
    next_step_detail = n.next_step_detail,
    updated_at = %(now)s
FROM jsonb_array_elements(%(rows)s::jsonb) AS element
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_followup, element) AS n
WHERE f.id = n.id
