-- Take the contacts of a file in: follow-ups, what they were before, attempts, answers and history (L8).
-- earlier_match, earlier_news and earlier_stopped are worked out and their follow-ups locked.
UPDATE earlier_news
SET follow_up_id = nextval(pg_get_serial_sequence('registry_followup', 'id'))
WHERE made;

INSERT INTO registry_followup (
    id, municipality_id, citizen_id, programme_id, target_group, mandatory, weeks_on_list, origin, opened_at,
    status, closed_reason, closed_at, reopen_on, outcome, outcome_at, barrier, first_contact_at, last_contact_at,
    call_attempts, sms_sent, letters_sent, next_step_kind, next_step_at, next_step_reason, next_step_detail, updated_at
)
SELECT
    n.follow_up_id, %(municipality)s, n.citizen_id, n.programme_id, '', false, 0, 'earlier', %(now)s,
    n.status, n.closed_reason, n.closed_at, n.reopen_on, n.outcome, n.outcome_at, n.barrier, n.first_contact_at,
    n.last_contact_at, n.call_attempts, n.sms_sent, n.letters_sent, n.next_step_kind, n.next_step_at,
    n.next_step_reason, n.next_step_detail, %(now)s
FROM earlier_news AS n
WHERE n.made;

INSERT INTO campaigns_earliercontacteffect (municipality_id, file_id, follow_up_id, no_contact_before, before)
SELECT
    %(municipality)s, %(file)s, f.id, stopped.citizen_id IS NOT NULL,
    CASE WHEN n.made THEN '{}' ELSE jsonb_build_object(
        'id', f.id, 'status', f.status, 'closed_reason', f.closed_reason, 'closed_at', f.closed_at,
        'reopen_on', f.reopen_on, 'outcome', f.outcome, 'outcome_at', f.outcome_at, 'barrier', f.barrier,
        'first_contact_at', f.first_contact_at, 'last_contact_at', f.last_contact_at,
        'call_attempts', f.call_attempts, 'sms_sent', f.sms_sent, 'letters_sent', f.letters_sent,
        'next_step_kind', f.next_step_kind, 'next_step_at', f.next_step_at,
        'next_step_reason', f.next_step_reason, 'next_step_detail', f.next_step_detail
    ) END
FROM registry_followup AS f
LEFT JOIN earlier_news AS n ON n.follow_up_id = f.id
LEFT JOIN earlier_stopped AS stopped ON stopped.citizen_id = f.citizen_id
WHERE
    f.citizen_id IN (SELECT citizen_id FROM earlier_news)
    AND (n.follow_up_id IS NOT NULL OR (stopped.citizen_id IS NOT NULL AND f.status = 'open'));

UPDATE registry_followup AS f
SET
    status = n.status, closed_reason = n.closed_reason, closed_at = n.closed_at, reopen_on = n.reopen_on,
    outcome = n.outcome, outcome_at = n.outcome_at, barrier = n.barrier, first_contact_at = n.first_contact_at,
    last_contact_at = n.last_contact_at, call_attempts = n.call_attempts, sms_sent = n.sms_sent,
    letters_sent = n.letters_sent, next_step_kind = n.next_step_kind, next_step_at = n.next_step_at,
    next_step_reason = n.next_step_reason, next_step_detail = n.next_step_detail, updated_at = %(now)s
FROM earlier_news AS n
WHERE f.id = n.follow_up_id AND NOT n.made;

DROP TABLE IF EXISTS earlier_attempts;
CREATE TEMPORARY TABLE earlier_attempts ON COMMIT DROP AS
SELECT m.*, n.follow_up_id, nextval(pg_get_serial_sequence('campaigns_contactattempt', 'id')) AS attempt_id
FROM (SELECT * FROM earlier_match WHERE problem_code = '' ORDER BY row_number) AS m
INNER JOIN earlier_news AS n ON n.citizen_id = m.citizen_id AND n.programme_id = m.programme_id;

INSERT INTO campaigns_contactattempt (
    id, municipality_id, citizen_id, kind, at, by_name, spoke_with, note, earlier_contacts_id, undone_by_name
)
SELECT
    a.attempt_id, %(municipality)s, a.citizen_id, a.kind,
    (a.contacted_on + time '12:00') AT TIME ZONE 'Europe/Copenhagen', r.who,
    CASE
        WHEN a.outcome = ANY(%(not_reached)s) THEN 'nobody'
        WHEN a.outcome = 'relative_reached' THEN 'relative'
        WHEN a.outcome = 'guardian_informed' THEN 'guardian'
        ELSE 'citizen'
    END,
    r.note, %(file)s, ''
FROM earlier_attempts AS a
INNER JOIN campaigns_earliercontactrow AS r ON r.id = a.id;

INSERT INTO campaigns_contactanswer (
    municipality_id, attempt_id, follow_up_id, outcome, barrier, next_step_kind, next_step_reason, before
)
SELECT %(municipality)s, attempt_id, follow_up_id, outcome, barrier, '', '', '{}'
FROM earlier_attempts;

-- A line for each follow-up that the file closed, or opened again.
INSERT INTO registry_followupchange (municipality_id, follow_up_id, kind, at, by_name, reason, before)
SELECT
    %(municipality)s, follow_up_id, CASE status WHEN 'closed' THEN 'closed' ELSE 'reopened' END, %(now)s,
    %(by_name)s, CASE status WHEN 'closed' THEN closed_reason ELSE 'earlier_contacts' END, '{}'
FROM earlier_news
WHERE NOT made AND status <> status_before;

UPDATE registry_citizen
SET do_not_contact_since = %(now)s, updated_at = %(now)s
WHERE id IN (SELECT citizen_id FROM earlier_stopped)
