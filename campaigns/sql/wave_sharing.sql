,

-- The number each of these few gets the text on: as registry.selectors.citizens.sms_phone.
chosen AS (
    SELECT DISTINCT ON (p.citizen_id) p.citizen_id, p.number_index
    FROM registry_phone AS p
    LEFT JOIN campaigns_optout AS stop
        ON stop.municipality_id = p.municipality_id AND stop.number_index = p.number_index
    WHERE
        p.municipality_id = %(municipality)s
        AND p.citizen_id = ANY(%(only)s::bigint[])
        AND p.kind = 'mobile'
        AND p.wrong_since IS NULL
        AND stop.id IS NULL
    ORDER BY p.citizen_id, array_position(%(sources)s, p.source::text), p.found_at DESC, p.id
)

-- Of the recipients with one number all but the first: nobody's telephone rings twice with the same text.
SELECT citizen_id
FROM (
    SELECT j.citizen_id, row_number() OVER (PARTITION BY c.number_index ORDER BY j.citizen_id) AS turn
    FROM judged AS j
    JOIN chosen AS c ON c.citizen_id = j.citizen_id
    WHERE starts_with(j.verdict, '=')
) AS turns
WHERE turn > 1
