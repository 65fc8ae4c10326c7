-- K4: an open task whose citizen is not to be called any more falls away. A running claim is left to its caller while
-- there is something to answer; of the dead, the moved and those whose whole case has ended nothing is left (C3).
UPDATE campaigns_calltask t
SET state = 'cancelled', closed_at = %(now)s, claimed_by_id = NULL, claimed_until = NULL
WHERE (
        t.state = 'open'
        OR (t.state = 'claimed' AND t.claimed_until <= %(now)s)
        OR (t.state = 'claimed' AND NOT EXISTS (
            SELECT FROM registry_followup f WHERE f.citizen_id = t.citizen_id AND f.status = 'open'
        ))
    )
    AND (%(citizens)s::bigint[] IS NULL OR t.citizen_id = ANY (%(citizens)s::bigint[]))
    AND (%(list)s::bigint IS NULL OR t.citizen_id IN (
        SELECT citizen_id FROM registry_followup WHERE last_list_id = %(list)s
    ))
    AND NOT EXISTS (
        SELECT FROM registry_followup f
        WHERE f.citizen_id = t.citizen_id AND f.status = 'open' AND f.next_step_kind = ANY (%(call_kinds)s)
    )
