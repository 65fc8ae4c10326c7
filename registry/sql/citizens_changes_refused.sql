-- C3: changes that lead nowhere: to itself, to two numbers, round in a ring, or back to a number its citizen left.
WITH RECURSIVE walk AS (
    SELECT old_index AS start_index, valid_index AS reached, ARRAY[old_index, valid_index] AS path, FALSE AS in_a_loop
    FROM incoming_changes
    WHERE old_index <> valid_index
    UNION ALL
    SELECT w.start_index, c.valid_index, w.path || c.valid_index, c.valid_index = ANY(w.path)
    FROM walk AS w
    INNER JOIN incoming_changes AS c ON c.old_index = w.reached AND c.old_index <> c.valid_index
    WHERE NOT w.in_a_loop
),

looping AS (
    SELECT start_index FROM walk WHERE in_a_loop
    UNION
    SELECT w.start_index
    FROM walk AS w
    INNER JOIN registry_previousnumber AS p ON p.municipality_id = %(municipality)s AND p.cpr_index = w.reached
    INNER JOIN registry_citizen AS c ON c.id = p.citizen_id AND c.cpr_index = w.start_index
),

doubtful AS (
    SELECT old_index FROM incoming_changes GROUP BY old_index HAVING count(DISTINCT valid_index) > 1
),

refused AS (
    DELETE FROM incoming_changes AS c
    WHERE
        c.old_index = c.valid_index
        OR c.old_index IN (SELECT start_index FROM looping)
        OR c.old_index IN (SELECT old_index FROM doubtful)
    RETURNING
        c.row_number,
        CASE
            WHEN c.old_index = c.valid_index THEN 'changed_to_itself'
            WHEN c.old_index IN (SELECT old_index FROM doubtful) THEN 'changed_to_two'
            ELSE 'changed_in_a_loop'
        END AS code
),

left_out AS (
    DELETE FROM incoming_citizens AS i USING refused AS r WHERE i.row_number = r.row_number
)

SELECT row_number, min(code) FROM refused GROUP BY row_number
