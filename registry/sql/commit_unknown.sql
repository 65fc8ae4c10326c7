-- The people to be made, with all that their rows say.
CREATE TEMPORARY TABLE unknown_people ON COMMIT DROP AS
SELECT DISTINCT ON (known.cpr_index)
    r.id AS row_id,
    r.cpr_ciphertext,
    r.cpr_index,
    r.cpr_kind,
    r.name,
    r.birth_date,
    r.sex
FROM reviewed_rows AS known
INNER JOIN registry_listrow AS r ON r.id = known.row_id
WHERE
    known.acted_on
    AND known.row_class NOT IN ('waiting', 'other_number')
    AND known.citizen_id IS NULL
    AND known.cpr_index IS NOT NULL
ORDER BY known.cpr_index, known.row_number
