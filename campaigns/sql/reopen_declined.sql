-- L8: a "no" rests for a set time; still on the newest list after it, the citizen is asked once more.
, reopening AS (
    SELECT f.id, first_due.day AS first_contact_due, answer_due.day AS answer_due
    FROM registry_followup f
    JOIN registry_nonresponderlist seen ON seen.id = f.last_list_id
    LEFT JOIN registry_deadlinerule own
        ON own.programme_id = f.programme_id AND own.municipality_id = f.municipality_id
    LEFT JOIN registry_deadlinerule common
        ON common.programme_id = f.programme_id AND common.municipality_id IS NULL
    JOIN calendar today ON today.day = %(today)s
    LEFT JOIN working_days first_due
        ON first_due.number = today.number + coalesce(own.first_contact_days, common.first_contact_days, 5)
    LEFT JOIN working_days answer_due
        ON answer_due.number = today.number + coalesce(own.answer_days, common.answer_days, 15)
    WHERE f.status = 'closed' AND f.closed_reason = 'declined' AND f.reopen_on <= %(today)s
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR f.last_list_id = %(list)s)
        AND seen.state = 'committed'
        -- L2: an order that has run out is no reason to ask again.
        AND (seen.order_id IS NULL OR EXISTS (
            SELECT FROM registry_listorder o
            WHERE o.id = seen.order_id AND o.state = 'approved' AND %(today)s BETWEEN o.approved_on AND o.expires_on
        ))
        -- As a commit does: an answer in another programme after which nobody asks in this one either.
        AND NOT EXISTS (
            SELECT FROM registry_followup elsewhere
            JOIN jsonb_to_recordset(%(barring)s::jsonb)
                AS rule (municipality_id int, programme_id bigint, closed_reason text, outcome text)
                ON rule.closed_reason = elsewhere.closed_reason AND rule.outcome = elsewhere.outcome
            WHERE elsewhere.citizen_id = f.citizen_id AND elsewhere.programme_id <> f.programme_id
                AND elsewhere.municipality_id = f.municipality_id AND elsewhere.status = 'closed'
                AND rule.municipality_id = f.municipality_id AND rule.programme_id = f.programme_id
        )
        AND NOT EXISTS (
            SELECT FROM registry_nonresponderlist newer
            WHERE newer.municipality_id = f.municipality_id AND newer.programme_id = f.programme_id
                AND newer.kind = seen.kind AND newer.state = 'committed'
                AND (newer.as_of, newer.id) > (seen.as_of, seen.id)
                -- L7: a list that does not cover the group says nothing about it.
                -- Of whom no group is known nobody can say that it leaves them out, and nobody asks twice on a guess (L8).
                AND (newer.groups_covered = '{}' OR f.target_group = '' OR f.target_group = ANY (newer.groups_covered))
        )
),
reopened AS (
    UPDATE registry_followup f
    SET status = 'open', closed_reason = '', closed_at = NULL, reopen_on = NULL, opened_at = %(now)s,
        call_attempts = 0, sms_sent = 0, letters_sent = 0, first_contact_at = NULL,
        first_contact_due = r.first_contact_due, answer_due = r.answer_due,
        -- Any code the planner does not keep: the next statement decides the step.
        next_step_kind = 'wait', next_step_at = %(now)s, next_step_reason = 'reopened', next_step_detail = '{}',
        updated_at = %(now)s
    FROM reopening r
    WHERE f.id = r.id AND f.status = 'closed'
    RETURNING f.id, f.municipality_id, f.last_list_id, f.weeks_on_list
)
INSERT INTO registry_followupchange
    (municipality_id, follow_up_id, kind, at, by_name, nonresponder_list_id, week, reason, before)
SELECT municipality_id, id, 'reopened', %(now)s, %(by_name)s, last_list_id, weeks_on_list, 'rested', '{}'
FROM reopened
