-- S7: SMS to every number of those who want no contact is stopped. A number that another file stopped before is no
-- longer that file's alone, so that undoing either leaves it stopped.
INSERT INTO campaigns_optout (municipality_id, number_index, since, source, by_name, earlier_contacts_id)
SELECT DISTINCT %(municipality)s, p.number_index, %(now)s::timestamptz, 'caseworker', %(by_name)s, %(file)s::bigint
FROM registry_phone AS p
INNER JOIN earlier_stopped ON earlier_stopped.citizen_id = p.citizen_id
WHERE p.number_index IS NOT NULL
ON CONFLICT (municipality_id, number_index) DO UPDATE SET earlier_contacts_id = NULL
RETURNING id, number_index, earlier_contacts_id IS NOT NULL
