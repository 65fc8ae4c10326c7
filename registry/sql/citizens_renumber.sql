-- C3: a changed number moves to its valid one on the same citizen; the old one is kept, for lists still name it.
WITH renumbered AS (
    SELECT
        i.previous_ciphertext,
        i.previous_index,
        i.cpr_ciphertext,
        i.cpr_index,
        i.cpr_kind,
        c.id AS citizen_id
    FROM incoming_citizens AS i
    INNER JOIN registry_citizen AS c
        ON c.municipality_id = %(municipality)s AND c.cpr_index = i.previous_index
    WHERE
        NOT EXISTS (
            SELECT 1 FROM registry_citizen AS valid
            WHERE valid.municipality_id = %(municipality)s AND valid.cpr_index = i.cpr_index
        )
)

UPDATE registry_citizen AS c
SET cpr_ciphertext = r.cpr_ciphertext, cpr_index = r.cpr_index, cpr_kind = r.cpr_kind, updated_at = %(now)s
FROM renumbered AS r
WHERE c.id = r.citizen_id
