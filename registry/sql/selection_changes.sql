-- What a start changes on the follow-ups it opens again, for undo.
INSERT INTO registry_followupchange (
    municipality_id, follow_up_id, kind, at, by_name, selection_id, reason, before
)
SELECT
    %(municipality)s,
    f.id,
    'reopened',
    %(now)s,
    %(by)s,
    %(selection)s,
    'selection',
    jsonb_build_object(
        'status', f.status, 'closed_reason', f.closed_reason, 'closed_at', f.closed_at, 'reopen_on', f.reopen_on,
        'opened_at', f.opened_at, 'target_group', f.target_group, 'mandatory', f.mandatory, 'origin', f.origin,
        'selection_id', f.selection_id, 'last_list_id', f.last_list_id, 'first_contact_due', f.first_contact_due,
        'answer_due', f.answer_due, 'first_contact_at', f.first_contact_at, 'call_attempts', f.call_attempts, 'sms_sent', f.sms_sent,
        'letters_sent', f.letters_sent, 'next_step_kind', f.next_step_kind, 'next_step_at', f.next_step_at,
        'next_step_reason', f.next_step_reason, 'next_step_detail', f.next_step_detail
    )
FROM selected_people AS s
INNER JOIN registry_followup AS f ON f.id = s.follow_up_id
WHERE s.act = 'reopen'
