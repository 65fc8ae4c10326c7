-- What undo puts back, written before anything is changed (L5): only the columns that the change touches.
INSERT INTO registry_followupchange (
    municipality_id, follow_up_id, kind, at, by_name, nonresponder_list_id, week, reason, before
)
SELECT
    %(municipality)s,
    f.id,
    CASE c.act WHEN 'see' THEN 'seen_again' ELSE 'reopened' END,
    %(now)s,
    %(by)s,
    %(list)s,
    c.week,
    c.why,
    jsonb_build_object(
        'target_group', f.target_group, 'mandatory', f.mandatory, 'invited_on', f.invited_on,
        'last_list_id', f.last_list_id, 'weeks_on_list', f.weeks_on_list
    )
    || CASE
        WHEN c.act = 'see' THEN '{}'::jsonb
        ELSE jsonb_build_object(
            'status', f.status, 'closed_reason', f.closed_reason, 'closed_at', f.closed_at, 'reopen_on', f.reopen_on,
            'opened_at', f.opened_at, 'first_contact_due', f.first_contact_due, 'answer_due', f.answer_due,
            'first_contact_at', f.first_contact_at,
            'call_attempts', f.call_attempts, 'sms_sent', f.sms_sent, 'letters_sent', f.letters_sent,
            'next_step_kind', f.next_step_kind, 'next_step_at', f.next_step_at,
            'next_step_reason', f.next_step_reason, 'next_step_detail', f.next_step_detail
        )
    END
FROM committing AS c
INNER JOIN registry_followup AS f ON f.id = c.follow_up_id
WHERE c.act IN ('see', 'reopen')
