-- C3: a changed number moves to its valid one on the same citizen; the old one is kept, for lists still name it.
-- Of several who become the same person the one known longest is renumbered; the others are merged.
WITH renumbered AS (
    SELECT DISTINCT ON (f.valid_index)
        f.valid_ciphertext,
        f.valid_index,
        f.valid_kind,
        c.id AS citizen_id
    FROM followed_changes AS f
    INNER JOIN registry_citizen AS c
        ON c.municipality_id = %(municipality)s AND c.cpr_index = f.old_index
    WHERE
        NOT EXISTS (
            SELECT 1 FROM registry_citizen AS valid
            WHERE valid.municipality_id = %(municipality)s AND valid.cpr_index = f.valid_index
        )
    ORDER BY f.valid_index, c.created_at, c.id
)

UPDATE registry_citizen AS c
SET
    cpr_ciphertext = r.valid_ciphertext,
    cpr_index = r.valid_index,
    cpr_kind = r.valid_kind,
    updated_at = %(now)s
FROM renumbered AS r
WHERE c.id = r.citizen_id
