-- The list's rows as they were reviewed, once: statistics of registry_listrow know nothing of a list of today, those of
-- this table know it all, and with them PostgreSQL chooses right for thirty rows and for a million.
CREATE TEMPORARY TABLE reviewed_rows ON COMMIT DROP AS
SELECT
    r.id AS row_id,
    r.row_number,
    r.citizen_id,
    r.cpr_index,
    r.row_class,
    r.decision,
    r.target_group,
    r.invited_on,
    r.week,
    r.earlier_outcome,
    r.earlier_outcome_at,
    r.reviewed_state,
    r.row_class IN ('new', 'waiting', 'other_number')
    OR (r.row_class IN ('needs_decision', 'moved') AND r.decision = 'import') AS acted_on
FROM registry_listrow AS r
WHERE r.nonresponder_list_id = %(list)s
