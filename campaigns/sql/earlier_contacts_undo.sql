-- Put everything back as it stood before the file (L8): summaries, "do not contact", the numbers it stopped. What it
-- made is closed as undone; its contacts stay as proof, marked undone (K3).
UPDATE registry_followup AS f
SET
    status = n.status, closed_reason = n.closed_reason, closed_at = n.closed_at, reopen_on = n.reopen_on,
    outcome = n.outcome, outcome_at = n.outcome_at, barrier = n.barrier, first_contact_at = n.first_contact_at,
    last_contact_at = n.last_contact_at, call_attempts = n.call_attempts, sms_sent = n.sms_sent,
    letters_sent = n.letters_sent, next_step_kind = n.next_step_kind, next_step_at = n.next_step_at,
    next_step_reason = n.next_step_reason, next_step_detail = n.next_step_detail, updated_at = %(now)s
FROM campaigns_earliercontacteffect AS e
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_followup, e.before) AS n
WHERE e.file_id = %(file)s AND f.id = e.follow_up_id AND e.before <> '{}';

UPDATE registry_followup AS f
SET
    status = 'closed', closed_reason = 'undone', closed_at = %(now)s, reopen_on = NULL, outcome = '',
    outcome_at = NULL, barrier = '', first_contact_at = NULL, last_contact_at = NULL, call_attempts = 0,
    sms_sent = 0, letters_sent = 0, next_step_kind = '', next_step_at = NULL, next_step_reason = '',
    next_step_detail = '{}', updated_at = %(now)s
FROM campaigns_earliercontacteffect AS e
WHERE e.file_id = %(file)s AND f.id = e.follow_up_id AND e.before = '{}';

UPDATE registry_citizen AS c
SET do_not_contact_since = NULL, updated_at = %(now)s
FROM registry_followup AS f
INNER JOIN campaigns_earliercontacteffect AS e ON e.follow_up_id = f.id
WHERE e.file_id = %(file)s AND e.no_contact_before AND c.id = f.citizen_id;

DELETE FROM campaigns_optout
WHERE municipality_id = %(municipality)s AND earlier_contacts_id = %(file)s;

UPDATE campaigns_contactattempt
SET undone_at = %(now)s, undone_by_name = %(by_name)s
WHERE earlier_contacts_id = %(file)s AND undone_at IS NULL
