-- C3: A → B → C becomes A → C and B → C; a number that the registry knows as left leads on to its citizen's own.
CREATE TEMPORARY TABLE followed_changes ON COMMIT DROP AS
WITH RECURSIVE walk AS (
    SELECT row_number, old_ciphertext, old_index, valid_ciphertext, valid_index, valid_kind, 1 AS depth
    FROM incoming_changes
    UNION ALL
    SELECT
        w.row_number, w.old_ciphertext, w.old_index, c.valid_ciphertext, c.valid_index, c.valid_kind, w.depth + 1
    FROM walk AS w
    INNER JOIN incoming_changes AS c ON c.old_index = w.valid_index
),

ends AS (
    SELECT DISTINCT ON (old_index) * FROM walk ORDER BY old_index, depth DESC, row_number
)

SELECT
    e.row_number,
    e.old_ciphertext,
    e.old_index,
    coalesce(c.cpr_ciphertext, e.valid_ciphertext) AS valid_ciphertext,
    coalesce(c.cpr_index, e.valid_index) AS valid_index,
    coalesce(c.cpr_kind, e.valid_kind) AS valid_kind
FROM ends AS e
LEFT JOIN registry_previousnumber AS p
    ON
        p.municipality_id = %(municipality)s
        AND p.cpr_index = e.valid_index
        AND NOT EXISTS (
            SELECT 1 FROM registry_citizen AS own
            WHERE own.municipality_id = %(municipality)s AND own.cpr_index = e.valid_index
        )
LEFT JOIN registry_citizen AS c ON c.id = p.citizen_id
