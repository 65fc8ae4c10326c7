-- Undo a selection: what it opened again is as before, unless a list has taken it over since.
UPDATE registry_followup AS f
SET
    status = old.status,
    closed_reason = old.closed_reason,
    closed_at = old.closed_at,
    reopen_on = old.reopen_on,
    opened_at = old.opened_at,
    origin = old.origin,
    selection_id = old.selection_id,
    last_list_id = old.last_list_id,
    target_group = old.target_group,
    mandatory = old.mandatory,
    first_contact_due = old.first_contact_due,
    answer_due = old.answer_due,
    first_contact_at = CASE WHEN change.before ? 'first_contact_at' THEN old.first_contact_at ELSE f.first_contact_at END,
    call_attempts = old.call_attempts,
    sms_sent = old.sms_sent,
    letters_sent = old.letters_sent,
    next_step_kind = old.next_step_kind,
    next_step_at = old.next_step_at,
    next_step_reason = old.next_step_reason,
    next_step_detail = old.next_step_detail,
    updated_at = %(now)s
FROM registry_followupchange AS change
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_followup, change.before) AS old
WHERE
    change.selection_id = %(selection)s
    AND change.kind = 'reopened'
    AND change.follow_up_id = f.id
    AND f.selection_id = %(selection)s
    AND f.last_list_id IS NULL
