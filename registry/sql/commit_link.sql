-- Every row that names one of them, the undecided twin of a chosen row too, points at the citizen now.
UPDATE registry_listrow AS r
SET citizen_id = c.id
FROM unknown_people AS people
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = people.cpr_index
WHERE r.nonresponder_list_id = %(list)s AND r.cpr_index = people.cpr_index AND r.citizen_id IS NULL
