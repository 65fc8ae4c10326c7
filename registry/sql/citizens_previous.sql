-- Every number that was left leads to the citizen it belongs to now, the ones on the way included.
INSERT INTO registry_previousnumber (municipality_id, citizen_id, cpr_ciphertext, cpr_index, noted_at)
SELECT %(municipality)s, c.id, f.old_ciphertext, f.old_index, %(now)s
FROM followed_changes AS f
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = f.valid_index
WHERE
    NOT EXISTS (
        SELECT 1 FROM registry_citizen AS own
        WHERE own.municipality_id = %(municipality)s AND own.cpr_index = f.old_index
    )
ON CONFLICT (municipality_id, cpr_index) DO NOTHING
