-- A person the registry does not know needs a name; a known one keeps theirs.
DELETE FROM incoming_citizens AS i
WHERE
    i.name IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM registry_citizen AS c
        WHERE c.municipality_id = %(municipality)s AND c.cpr_index = i.cpr_index
    )
RETURNING i.row_number
