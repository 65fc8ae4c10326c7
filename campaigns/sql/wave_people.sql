
-- The people behind one number of the preview, in Danish order of names.
SELECT j.citizen_id
FROM judged AS j
JOIN registry_citizen AS c ON c.id = j.citizen_id
WHERE CASE WHEN starts_with(j.verdict, '=') THEN '' ELSE j.verdict END = %(reason)s
ORDER BY c.sort_name, c.id
LIMIT %(limit)s OFFSET %(offset)s
