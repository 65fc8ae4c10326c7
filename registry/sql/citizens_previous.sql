INSERT INTO registry_previousnumber (municipality_id, citizen_id, cpr_ciphertext, cpr_index, noted_at)
SELECT %(municipality)s, c.id, i.previous_ciphertext, i.previous_index, %(now)s
FROM incoming_citizens AS i
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = i.cpr_index
WHERE i.previous_index IS NOT NULL
ON CONFLICT (municipality_id, cpr_index) DO NOTHING
