-- L9: a follow-up for everybody who has none; deadlines from the selection's start (K3), to be planned at once (K1).
WITH opened AS (
    INSERT INTO registry_followup (
        municipality_id, citizen_id, programme_id, target_group, mandatory, origin, selection_id, weeks_on_list,
        status, closed_reason, opened_at, first_contact_due, answer_due, outcome, barrier, call_attempts, sms_sent,
        letters_sent, next_step_kind, next_step_at, next_step_reason, next_step_detail, updated_at
    )
    SELECT
        %(municipality)s,
        s.citizen_id,
        %(programme)s,
        s.target_group,
        s.mandatory,
        'selection',
        %(selection)s,
        0,
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
    FROM selected_people AS s
    WHERE s.act = 'open'
    RETURNING id
)

INSERT INTO registry_followupchange (
    municipality_id, follow_up_id, kind, at, by_name, selection_id, reason, before
)
SELECT
    %(municipality)s,
    id,
    'opened',
    %(now)s,
    %(by)s,
    %(selection)s,
    'selection',
    '{}'
FROM opened
