-- Put everything back as it stood before the file (L8): summaries, "do not contact". What it made is closed as undone;
-- its contacts stay as proof, marked undone (K3).

-- Open before the file, and would be closed by now without it: undoing gives the answer back, and opens nobody.
DROP TABLE IF EXISTS earlier_ended;
CREATE TEMPORARY TABLE earlier_ended ON COMMIT DROP AS
SELECT found.*
FROM (
    SELECT
        f.id AS follow_up_id,
        CASE
            -- Closed by something else since: its list was undone.
            WHEN f.closed_at <> %(since)s THEN f.closed_reason
            WHEN
                s.state = 'ended'
                AND s.state_changed_at >= %(since)s
                AND f.last_list_id IS NULL
                AND e.before ->> 'outcome' IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number') THEN 'selection_ended'
            WHEN s.state = 'undone' AND s.state_changed_at >= %(since)s AND f.last_list_id IS NULL THEN 'undone'
            -- Its list was undone since, and the answer stayed.
            WHEN
                f.last_list_id IS NULL
                AND EXISTS (
                    SELECT FROM registry_followupchange AS c
                    INNER JOIN registry_nonresponderlist AS l ON l.id = c.nonresponder_list_id
                    WHERE
                        c.follow_up_id = f.id
                        AND c.kind = 'opened'
                        AND l.state = 'undone'
                        AND l.state_changed_at >= %(since)s
                ) THEN 'undone'
            -- L7: a list since then has passed them over.
            WHEN
                EXISTS (
                    SELECT FROM registry_listrow AS r
                    INNER JOIN registry_nonresponderlist AS l ON l.id = r.nonresponder_list_id
                    WHERE
                        l.municipality_id = %(municipality)s
                        AND l.programme_id = f.programme_id
                        AND l.state = 'committed'
                        AND l.committed_at >= %(since)s
                        AND r.citizen_id = f.citizen_id
                        AND r.row_class = 'gone'
                ) THEN 'gone'
        END AS reason,
        CASE WHEN f.closed_at <> %(since)s THEN f.closed_at ELSE %(now)s END AS closed_at,
        f.closed_at = %(since)s AS now_ended
    FROM campaigns_earliercontacteffect AS e
    INNER JOIN registry_followup AS f ON f.id = e.follow_up_id
    LEFT JOIN registry_selection AS s ON s.id = f.selection_id
    WHERE e.file_id = %(file)s AND e.before ->> 'status' = 'open' AND f.status = 'closed'
) AS found
WHERE found.reason IS NOT NULL;

UPDATE registry_followup AS f
SET
    status = n.status, closed_reason = n.closed_reason, closed_at = n.closed_at, reopen_on = n.reopen_on,
    outcome = n.outcome, outcome_at = n.outcome_at, barrier = n.barrier, first_contact_at = n.first_contact_at,
    last_contact_at = n.last_contact_at, call_attempts = n.call_attempts, sms_sent = n.sms_sent,
    letters_sent = n.letters_sent, next_step_kind = n.next_step_kind, next_step_at = n.next_step_at,
    next_step_reason = n.next_step_reason, next_step_detail = n.next_step_detail, updated_at = %(now)s
FROM campaigns_earliercontacteffect AS e
LEFT JOIN earlier_ended AS ended ON ended.follow_up_id = e.follow_up_id
CROSS JOIN LATERAL jsonb_populate_record(
    NULL::registry_followup,
    CASE WHEN ended.follow_up_id IS NULL THEN e.before ELSE e.before || jsonb_build_object(
        'status', 'closed', 'closed_reason', ended.reason, 'closed_at', ended.closed_at, 'next_step_kind', '',
        'next_step_at', NULL, 'next_step_reason', '', 'next_step_detail', '{}'::jsonb
    ) END
) AS n
WHERE e.file_id = %(file)s AND f.id = e.follow_up_id AND e.before <> '{}';

INSERT INTO registry_followupchange (municipality_id, follow_up_id, kind, at, by_name, reason, before)
SELECT %(municipality)s, follow_up_id, 'closed', %(now)s, %(by_name)s, reason, '{}'
FROM earlier_ended
WHERE now_ended;

UPDATE registry_followup AS f
SET
    status = 'closed', closed_reason = 'undone', closed_at = %(now)s, reopen_on = NULL, outcome = '',
    outcome_at = NULL, barrier = '', first_contact_at = NULL, last_contact_at = NULL, call_attempts = 0,
    sms_sent = 0, letters_sent = 0, next_step_kind = '', next_step_at = NULL, next_step_reason = '',
    next_step_detail = '{}', updated_at = %(now)s
FROM campaigns_earliercontacteffect AS e
WHERE e.file_id = %(file)s AND f.id = e.follow_up_id AND e.before = '{}';

-- A wish told to somebody else since then, or on another record of the same person, holds.
UPDATE registry_citizen AS c
SET do_not_contact_since = NULL, updated_at = %(now)s
FROM registry_followup AS f
INNER JOIN campaigns_earliercontacteffect AS e ON e.follow_up_id = f.id
WHERE
    e.file_id = %(file)s AND e.no_contact_before AND c.id = f.citizen_id AND c.do_not_contact_since = %(since)s;

UPDATE campaigns_contactattempt
SET undone_at = %(now)s, undone_by_name = %(by_name)s
WHERE earlier_contacts_id = %(file)s AND undone_at IS NULL
