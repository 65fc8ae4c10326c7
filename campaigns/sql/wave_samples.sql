
-- Some recipients of each text, drawn the same way each time, to read what they will read.
SELECT text_language, citizen_id
FROM (
    SELECT
        substr(verdict, 2, 2) AS text_language,
        citizen_id,
        row_number() OVER (PARTITION BY substr(verdict, 2, 2) ORDER BY md5(citizen_id::text || %(seed)s), citizen_id) AS turn
    FROM judged
    WHERE starts_with(verdict, '=')
) AS drawn
WHERE turn <= %(samples)s
