-- K8: guardian and relative as the system names them; a new number replaces theirs.
INSERT INTO registry_relative (municipality_id, citizen_id, kind, name, relation, phone_ciphertext, phone_index)
SELECT DISTINCT ON (c.id, given.kind, given.name)
    %(municipality)s,
    c.id,
    given.kind,
    given.name,
    '',
    given.phone_ciphertext,
    given.phone_index
FROM incoming_citizens AS i
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = i.cpr_index
CROSS JOIN LATERAL (
    VALUES
    ('guardian', i.guardian_name, i.guardian_ciphertext, i.guardian_index),
    ('relative', i.relative_name, i.relative_ciphertext, i.relative_index)
) AS given (kind, name, phone_ciphertext, phone_index)
WHERE given.name <> ''
ON CONFLICT (citizen_id, kind, name) DO UPDATE
SET phone_ciphertext = excluded.phone_ciphertext, phone_index = excluded.phone_index
WHERE
    excluded.phone_index IS NOT NULL
    AND registry_relative.phone_index IS DISTINCT FROM excluded.phone_index
