-- Every row that names one of them, the undecided twin of a chosen row too, points at the citizen now.
WITH linked AS (
    UPDATE registry_listrow AS r
    SET citizen_id = c.id
    FROM unknown_people AS people
    INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = people.cpr_index
    INNER JOIN reviewed_rows AS known ON known.cpr_index = people.cpr_index AND known.citizen_id IS NULL
    WHERE r.id = known.row_id
    RETURNING r.id, r.citizen_id
)

UPDATE reviewed_rows AS known
SET citizen_id = linked.citizen_id
FROM linked
WHERE known.row_id = linked.id
