-- C3: two citizens of ours whom the register says are one person: the left number's first.
SELECT old.id, valid.id
FROM followed_changes AS f
INNER JOIN registry_citizen AS old ON old.municipality_id = %(municipality)s AND old.cpr_index = f.old_index
INNER JOIN registry_citizen AS valid ON valid.municipality_id = %(municipality)s AND valid.cpr_index = f.valid_index
WHERE old.id <> valid.id
ORDER BY old.id
