-- Mobiles that more than one citizen has: only one of them gets the text, so nobody's telephone rings twice.
SELECT p.citizen_id, p.number_index
FROM registry_phone AS p
WHERE
    p.municipality_id = %(municipality)s
    AND p.kind = 'mobile'
    AND p.wrong_since IS NULL
    AND p.number_index IN (
        SELECT number_index
        FROM registry_phone
        WHERE municipality_id = %(municipality)s
        GROUP BY number_index
        HAVING count(*) > 1
    )
