-- Put back what the commit changed; keys that a change did not touch keep their present value.
UPDATE registry_followup AS f
SET
    target_group = coalesce(old.target_group, f.target_group),
    mandatory = coalesce(old.mandatory, f.mandatory),
    invited_on = CASE WHEN change.before ? 'invited_on' THEN old.invited_on ELSE f.invited_on END,
    last_list_id = CASE WHEN change.before ? 'last_list_id' THEN old.last_list_id ELSE f.last_list_id END,
    weeks_on_list = coalesce(old.weeks_on_list, f.weeks_on_list),
    status = coalesce(old.status, f.status),
    closed_reason = coalesce(old.closed_reason, f.closed_reason),
    closed_at = CASE WHEN change.before ? 'closed_at' THEN old.closed_at ELSE f.closed_at END,
    reopen_on = CASE WHEN change.before ? 'reopen_on' THEN old.reopen_on ELSE f.reopen_on END,
    opened_at = coalesce(old.opened_at, f.opened_at),
    first_contact_due
    = CASE WHEN change.before ? 'first_contact_due' THEN old.first_contact_due ELSE f.first_contact_due END,
    answer_due = CASE WHEN change.before ? 'answer_due' THEN old.answer_due ELSE f.answer_due END,
    first_contact_at
    = CASE WHEN change.before ? 'first_contact_at' THEN old.first_contact_at ELSE f.first_contact_at END,
    call_attempts = coalesce(old.call_attempts, f.call_attempts),
    sms_sent = coalesce(old.sms_sent, f.sms_sent),
    letters_sent = coalesce(old.letters_sent, f.letters_sent),
    next_step_kind = coalesce(old.next_step_kind, f.next_step_kind),
    next_step_at = CASE WHEN change.before ? 'next_step_at' THEN old.next_step_at ELSE f.next_step_at END,
    next_step_reason = coalesce(old.next_step_reason, f.next_step_reason),
    next_step_detail = coalesce(old.next_step_detail, f.next_step_detail),
    updated_at = %(now)s
FROM registry_followupchange AS change
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_followup, change.before) AS old
WHERE
    change.nonresponder_list_id = %(list)s
    AND change.follow_up_id = f.id
    AND change.kind IN ('seen_again', 'reopened', 'closed')
    AND change.before <> '{}'
    -- Closed for an answer since: whom the list had only passed over is not opened against their word (L8).
    AND NOT (change.kind = 'closed' AND f.status = 'closed' AND f.closed_reason <> 'gone')
