-- The second and further right mobiles of those who have several. Counted in the order of an index, nothing is hashed.
SELECT p.id
FROM (
    SELECT
        id,
        row_number() OVER (PARTITION BY citizen_id ORDER BY id) AS turn
    FROM registry_phone
    WHERE
        municipality_id = %(municipality)s
        AND kind = 'mobile'
        AND wrong_since IS NULL
        AND citizen_id = ANY(ARRAY(
            SELECT citizen_id
            FROM registry_phone
            WHERE municipality_id = %(municipality)s AND kind = 'mobile' AND wrong_since IS NULL
            GROUP BY citizen_id
            HAVING count(*) > 1
        ))
) AS p
WHERE p.turn > 1
