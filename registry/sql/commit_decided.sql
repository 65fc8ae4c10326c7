-- A decided row becomes what it was decided to be, so that counts and status note see it (L3, D5).
UPDATE registry_listrow AS r
SET row_class = CASE WHEN c.act IN ('open', 'reopen') THEN 'new' ELSE 'waiting' END
FROM committing AS c
WHERE r.id = c.row_id AND c.decided
