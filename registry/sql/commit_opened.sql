-- New on the lists: a follow-up each, deadlines from the receipt (K3), with the first step that a receiver of
-- `follow_ups_opening` worked out, or to be planned at once (K1); closed from the start where an answer in another
-- programme says that nobody asks (L8).
WITH opened AS (
    INSERT INTO registry_followup (
        municipality_id, citizen_id, programme_id, target_group, mandatory, invited_on, first_list_id, last_list_id,
        weeks_on_list, status, closed_reason, opened_at, closed_at, first_contact_due, answer_due, outcome,
        outcome_at, barrier,
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
        CASE WHEN c.act = 'rest' THEN 'closed' ELSE 'open' END,
        coalesce(CASE WHEN c.act = 'rest' THEN c.barred_reason END, ''),
        %(now)s,
        CASE WHEN c.act = 'rest' THEN %(now)s END,
        %(first_contact_due)s,
        %(answer_due)s,
        coalesce(CASE WHEN c.act = 'rest' THEN c.barred_outcome END, ''),
        CASE WHEN c.act = 'rest' THEN c.barred_outcome_at END,
        '',
        0,
        0,
        0,
        CASE WHEN c.act = 'rest' THEN '' ELSE coalesce(s.kind, 'wait') END,
        CASE WHEN c.act = 'rest' THEN NULL ELSE coalesce(s.at, %(now)s) END,
        CASE WHEN c.act = 'rest' THEN '' ELSE coalesce(s.reason, 'to_be_planned') END,
        CASE WHEN c.act = 'rest' THEN '{}' ELSE coalesce(s.detail, '{}') END,
        %(now)s
    FROM committing AS c
    LEFT JOIN first_steps AS s ON s.citizen_id = c.citizen_id
    WHERE c.act IN ('open', 'rest')
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
