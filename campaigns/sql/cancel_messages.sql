-- K9, SS10: a queued message whose citizen has no SMS step due any more is cancelled.
-- Its step key is set free, so that the step may be planned anew later.
WITH cancelled AS (
    UPDATE campaigns_smsmessage m
    SET status = 'cancelled', status_at = %(now)s, status_reason = 'no_longer_due',
        step_key = m.step_key || ':' || m.id
    WHERE m.status = 'queued' AND m.purpose = 'first_contact' AND m.again_of_id IS NULL
        AND (%(citizens)s::bigint[] IS NULL OR m.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR m.citizen_id IN (
            SELECT citizen_id FROM registry_followup WHERE last_list_id = %(list)s
        ))
        AND NOT EXISTS (
            SELECT FROM registry_followup f
            WHERE f.citizen_id = m.citizen_id AND f.status = 'open' AND f.next_step_kind = 'sms'
                AND f.next_step_at <= %(now)s
        )
    RETURNING m.id, m.municipality_id
)
INSERT INTO campaigns_smsstatuschange (municipality_id, message_id, status, at, note)
SELECT municipality_id, id, 'cancelled', %(now)s, 'no_longer_due' FROM cancelled
