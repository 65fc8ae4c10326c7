-- Back on the lists: open again with new deadlines; the planner says what comes first (K1).
UPDATE registry_followup AS f
SET
    status = 'open',
    closed_reason = '',
    closed_at = NULL,
    reopen_on = NULL,
    opened_at = %(now)s,
    last_list_id = %(list)s,
    weeks_on_list = c.week,
    target_group = c.target_group,
    mandatory = c.mandatory,
    invited_on = coalesce(c.invited_on, f.invited_on),
    first_contact_due = %(first_contact_due)s,
    answer_due = %(answer_due)s,
    -- K3: the clock runs anew from the list's receipt; only a contact since then keeps it.
    first_contact_at = CASE
        WHEN f.first_contact_at >= %(received_at)s THEN f.first_contact_at
        WHEN f.last_contact_at >= %(received_at)s THEN f.last_contact_at
    END,
    -- L8: after a no the policy begins anew; who was only gone for a while is not sent everything twice.
    call_attempts = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.call_attempts END,
    sms_sent = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.sms_sent END,
    letters_sent = CASE WHEN f.closed_reason = 'declined' THEN 0 ELSE f.letters_sent END,
    next_step_kind = 'wait',
    next_step_at = %(now)s,
    next_step_reason = 'to_be_planned',
    next_step_detail = '{}',
    updated_at = %(now)s
FROM committing AS c
WHERE f.id = c.follow_up_id AND c.act = 'reopen'
