-- Who has a mobile that another citizen has too.
SELECT DISTINCT citizen_id
FROM registry_phone
WHERE
    municipality_id = %(municipality)s
    AND kind = 'mobile'
    AND wrong_since IS NULL
    AND number_index IN (
        SELECT number_index
        FROM registry_phone
        WHERE municipality_id = %(municipality)s
        GROUP BY number_index
        HAVING count(*) > 1
    )
