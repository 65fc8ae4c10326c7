-- New on the lists: a follow-up each, deadlines from the receipt (K3), to be planned at once (K1).
WITH opened AS (
    INSERT INTO registry_followup (
        municipality_id, citizen_id, programme_id, target_group, mandatory, invited_on, first_list_id, last_list_id,
        weeks_on_list, status, closed_reason, opened_at, first_contact_due, answer_due, outcome, barrier,
        call_attempts, sms_sent, letters_sent, next_step_kind, next_step_at, next_step_reason, next_step_detail,
        updated_at
    )
    SELECT
        %(municipality)s,
        c.citizen_id,
        %(programme)s,
        c.target_group,
        c.mandatory,
        c.invited_on,
        %(list)s,
        %(list)s,
        c.week,
        'open',
        '',
        %(now)s,
        %(first_contact_due)s,
        %(answer_due)s,
        '',
        '',
        0,
        0,
        0,
        'wait',
        %(now)s,
        'to_be_planned',
        '{}',
        %(now)s
    FROM committing AS c
    WHERE c.act = 'open'
    RETURNING id
)

INSERT INTO registry_followupchange (
    municipality_id, follow_up_id, kind, at, by_name, nonresponder_list_id, week, reason, before
)
SELECT
    %(municipality)s,
    id,
    'opened',
    %(now)s,
    %(by)s,
    %(list)s,
    1,
    '',
    '{}'
FROM opened
