-- How many citizens' follow-up a file would end, by programme, beside how many are open there (decision 0009). Counted
-- are those it closes, those it keeps closed for a new reason, and those who want no contact in any programme.
WITH ended AS (
    SELECT n.programme_id, n.citizen_id
    FROM earlier_news AS n
    WHERE
        n.effect IN ('closes', 'ends')
        AND (n.status_before, n.closed_reason_before) IS DISTINCT FROM (n.status, n.closed_reason)
    UNION
    SELECT n.programme_id, n.citizen_id
    FROM earlier_news AS n
    INNER JOIN earlier_stopped ON earlier_stopped.citizen_id = n.citizen_id
    UNION
    SELECT f.programme_id, f.citizen_id
    FROM registry_followup AS f
    INNER JOIN earlier_stopped ON earlier_stopped.citizen_id = f.citizen_id
    WHERE f.status = 'open'
)

SELECT
    p.name,
    count(*) AS citizens,
    (
        SELECT count(*)
        FROM registry_followup AS f
        WHERE f.municipality_id = %(municipality)s AND f.programme_id = p.id AND f.status = 'open'
    ) AS open_follow_ups
FROM ended
INNER JOIN registry_programme AS p ON p.id = ended.programme_id
GROUP BY p.id, p.name
ORDER BY citizens DESC, p.name
