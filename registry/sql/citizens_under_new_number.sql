-- A system that still writes the number a citizen had before: its row is that citizen's, unless the file has them too.
WITH known AS (
    SELECT i.row_number, c.cpr_ciphertext, c.cpr_index, c.cpr_kind
    FROM incoming_citizens AS i
    INNER JOIN registry_previousnumber AS p ON p.municipality_id = %(municipality)s AND p.cpr_index = i.cpr_index
    INNER JOIN registry_citizen AS c ON c.id = p.citizen_id
    WHERE
        NOT EXISTS (
            SELECT 1 FROM registry_citizen AS own
            WHERE own.municipality_id = %(municipality)s AND own.cpr_index = i.cpr_index
        )
),

moved AS (
    UPDATE incoming_citizens AS i
    SET cpr_ciphertext = k.cpr_ciphertext, cpr_index = k.cpr_index, cpr_kind = k.cpr_kind
    FROM known AS k
    WHERE
        i.row_number = k.row_number
        AND NOT EXISTS (SELECT 1 FROM incoming_citizens AS other WHERE other.cpr_index = k.cpr_index)
),

repeated AS (
    DELETE FROM incoming_citizens AS i
    USING known AS k
    WHERE
        i.row_number = k.row_number
        AND EXISTS (SELECT 1 FROM incoming_citizens AS other WHERE other.cpr_index = k.cpr_index)
)

SELECT row_number FROM known
