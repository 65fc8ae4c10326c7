-- What is known of few citizens of the municipality, and keeps them out of a wave: mark and citizen (see wave_audience).
WITH reached AS (
    SELECT citizen_id, number_index
    FROM campaigns_smsmessage
    WHERE
        municipality_id = %(municipality)s
        AND status = ANY(%(on_their_way)s)
        AND handed_over_at > %(starts_at)s - interval '24 hours'
)

SELECT 4 AS mark, citizen_id FROM reached
UNION ALL
-- Or somebody else at the same number.
SELECT 4, p.citizen_id
FROM registry_phone AS p
WHERE
    p.municipality_id = %(municipality)s
    AND p.kind = 'mobile'
    AND p.wrong_since IS NULL
    AND p.number_index IN (SELECT number_index FROM reached)
UNION ALL
SELECT 1, citizen_id
FROM registry_phone
WHERE municipality_id = %(municipality)s AND kind = 'mobile' AND wrong_since IS NOT NULL
UNION ALL
-- None of the mobiles that are right is free to use.
SELECT 2, p.citizen_id
FROM registry_phone AS p
JOIN campaigns_optout AS stop
    ON stop.municipality_id = p.municipality_id AND stop.number_index = p.number_index
WHERE
    p.municipality_id = %(municipality)s
    AND p.kind = 'mobile'
    AND p.wrong_since IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM registry_phone AS other
        WHERE
            other.citizen_id = p.citizen_id
            AND other.municipality_id = p.municipality_id
            AND other.kind = 'mobile'
            AND other.wrong_since IS NULL
            AND NOT EXISTS (
                SELECT 1
                FROM campaigns_optout AS s
                WHERE s.municipality_id = other.municipality_id AND s.number_index = other.number_index
            )
    )
UNION ALL
SELECT 8, citizen_id
FROM campaigns_contactattempt
WHERE
    municipality_id = %(municipality)s
    -- A talk with the health adviser is a call too.
    AND kind IN ('call', 'call_in', 'dialogue')
    AND undone_at IS NULL
    AND at >= %(day_begins)s
    AND at < %(day_ends)s
UNION ALL
SELECT 16, citizen_id
FROM campaigns_calltask
WHERE
    municipality_id = %(municipality)s
    AND state IN ('open', 'claimed')
    AND (
        (state = 'claimed' AND claimed_until > %(now)s)
        OR (due_at < %(day_ends)s AND (agreed_time OR NOT %(queued_calls)s))
    )
UNION ALL
-- The health adviser is to talk with them: nobody may write meanwhile, whatever the filter says of the call queue.
SELECT 16, citizen_id
FROM campaigns_healthdialogue
WHERE
    municipality_id = %(municipality)s
    AND state IN ('open', 'claimed')
    AND (due_at < %(day_ends)s OR (state = 'claimed' AND claimed_until > %(now)s))
UNION ALL
-- They have written, and nobody is done with it: by the citizen it is attached to, or by the number.
SELECT 256, citizen_id
FROM campaigns_conversation
WHERE municipality_id = %(municipality)s AND state = 'open' AND citizen_id IS NOT NULL
UNION ALL
SELECT 256, p.citizen_id
FROM registry_phone AS p
WHERE
    p.municipality_id = %(municipality)s
    AND p.kind = 'mobile'
    AND p.wrong_since IS NULL
    AND p.number_index IN (
        SELECT number_index FROM campaigns_conversation WHERE municipality_id = %(municipality)s AND state = 'open'
    )
UNION ALL
SELECT 32, citizen_id
FROM campaigns_smsmessage
WHERE municipality_id = %(municipality)s AND status IN ('queued', 'handing_over') AND purpose = 'first_contact'
UNION ALL
SELECT 64, citizen_id
FROM campaigns_smsmessage
WHERE
    municipality_id = %(municipality)s
    AND status IN ('queued', 'handing_over')
    AND purpose = 'wave'
    AND wave_id IS DISTINCT FROM %(wave)s
UNION ALL
-- Approved, and not in the queue yet.
SELECT 64, r.citizen_id
FROM campaigns_smswaverecipient AS r
JOIN campaigns_smswave AS w ON w.id = r.wave_id
WHERE
    r.municipality_id = %(municipality)s
    AND w.municipality_id = %(municipality)s
    AND w.id IS DISTINCT FROM %(wave)s
    AND w.state IN ('approved', 'sending', 'held')
    AND NOT r.queued
    AND NOT r.held_out
    AND r.left_out = ''
