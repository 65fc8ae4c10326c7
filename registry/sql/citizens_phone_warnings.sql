-- IC04: the same number on many; C4: numbers that a person has marked as wrong. Row numbers, never the number.
WITH given AS (
    SELECT row_number, cpr_index, mobile_index AS number_index
    FROM incoming_citizens
    WHERE mobile_index IS NOT NULL
    UNION
    SELECT row_number, cpr_index, phone_index
    FROM incoming_citizens
    WHERE phone_index IS NOT NULL
),

shared AS (
    SELECT number_index FROM given GROUP BY number_index HAVING count(*) >= %(shared)s
)

SELECT 'phone_shared', g.row_number FROM given AS g INNER JOIN shared AS s USING (number_index)
UNION ALL
SELECT 'phone_wrong_again', g.row_number
FROM given AS g
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = g.cpr_index
INNER JOIN registry_phone AS p ON p.citizen_id = c.id AND p.number_index = g.number_index
WHERE p.wrong_since IS NOT NULL
ORDER BY 2, 1
