-- Who has a mobile that another citizen has too. Counted in the order of an index, nothing is hashed.
SELECT DISTINCT citizen_id
FROM registry_phone
WHERE
    municipality_id = %(municipality)s
    AND kind = 'mobile'
    AND wrong_since IS NULL
    AND number_index = ANY(ARRAY(
        SELECT number_index
        FROM registry_phone
        WHERE municipality_id = %(municipality)s
        GROUP BY number_index
        HAVING count(*) > 1
    ))
