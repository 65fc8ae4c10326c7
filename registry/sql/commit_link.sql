UPDATE registry_listrow AS r
SET citizen_id = c.id
FROM unknown_people AS keys
INNER JOIN registry_listrow AS named ON named.id = keys.row_id
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = named.cpr_index
WHERE r.nonresponder_list_id = %(list)s AND r.cpr_index = c.cpr_index AND r.citizen_id IS NULL
