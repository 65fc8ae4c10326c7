-- How many per reason, and for the recipients how many per text and name: all that the length of a text hangs on.
-- A key without comma is a first name; one that begins with a comma comes from "Hansen, Anne Marie".
SELECT reason, text_language, name_key, count(*), min(name) AS example
FROM (
    SELECT
        reason,
        CASE WHEN reason = '' THEN text_language ELSE '' END AS text_language,
        name,
        CASE
            WHEN reason <> '' OR NOT %(by_name)s THEN ''
            -- The whole name is part of the text: two plain names of one length are alike.
            WHEN %(whole_name)s THEN
                CASE WHEN name ~ %(plain_name)s AND NOT %(by_first_name)s THEN '#' || length(name) ELSE name END
            WHEN strpos(name, ',') = 0 THEN split_part(ltrim(name, %(blanks)s), ' ', 1)
            ELSE name
        END AS name_key
    FROM judged
) AS keyed
GROUP BY reason, text_language, name_key
