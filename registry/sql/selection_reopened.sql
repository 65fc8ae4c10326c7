-- Opened again by an own selection. Without a list: none of the earlier ones may close what the selection opened (L7).
UPDATE registry_followup AS f
SET
    status = 'open',
    closed_reason = '',
    closed_at = NULL,
    reopen_on = NULL,
    opened_at = %(now)s,
    origin = 'selection',
    selection_id = %(selection)s,
    last_list_id = NULL,
    target_group = CASE WHEN s.target_group = '' THEN f.target_group ELSE s.target_group END,
    mandatory = s.mandatory,
    first_contact_due = %(first_contact_due)s,
    answer_due = %(answer_due)s,
    -- K3: the clock runs anew from the selection's start.
    first_contact_at = NULL,
    -- L8: after a no the policy begins anew; who was only gone for a while is not sent everything twice.
    call_attempts = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.call_attempts END,
    sms_sent = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.sms_sent END,
    letters_sent = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.letters_sent END,
    next_step_kind = 'wait',
    next_step_at = %(now)s,
    next_step_reason = 'to_be_planned',
    next_step_detail = '{}',
    updated_at = %(now)s
FROM selected_people AS s
WHERE f.id = s.follow_up_id AND s.act = 'reopen'
