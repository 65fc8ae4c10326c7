-- The people to be made, with all that their rows say: a table whose size the planner knows (a list's own rows are too
-- fresh for statistics, and a join with them took 63 s for 4,000 people).
CREATE TEMPORARY TABLE unknown_people ON COMMIT DROP AS
SELECT DISTINCT ON (r.cpr_index)
    r.id AS row_id,
    r.cpr_ciphertext,
    r.cpr_index,
    r.cpr_kind,
    r.name,
    r.birth_date,
    r.sex
FROM registry_listrow AS r
WHERE
    r.nonresponder_list_id = %(list)s
    AND r.citizen_id IS NULL
    AND r.cpr_index IS NOT NULL
    AND (r.row_class = 'new' OR (r.row_class IN ('needs_decision', 'moved') AND r.decision = 'import'))
ORDER BY r.cpr_index, r.row_number
