-- Who has not reacted, by target group, for the committed lists given: the status note's counts (D5).
-- Version 1. Parameters: municipality, lists (ids), classes (of rows that are on the list). A citizen counts once in each list, in the
-- earliest group they are named under (C7); declined citizens still join the list's rows (L8a).
WITH rows_in_groups AS (
    SELECT DISTINCT ON (row.nonresponder_list_id, coalesce(row.citizen_id::text, encode(row.cpr_index, 'hex'), 'row ' || row.id))
        row.nonresponder_list_id,
        row.citizen_id,
        list.programme_id,
        coalesce(nullif(row.target_group, ''), follow_up.target_group, '') AS target_group,
        follow_up.outcome
    FROM registry_listrow AS row
    JOIN registry_nonresponderlist AS list ON list.id = row.nonresponder_list_id
    LEFT JOIN registry_followup AS follow_up
        ON follow_up.citizen_id = row.citizen_id
       AND follow_up.programme_id = list.programme_id
       AND follow_up.municipality_id = row.municipality_id
    LEFT JOIN registry_targetgroup AS target
        ON target.programme_id = list.programme_id
       AND target.code = coalesce(nullif(row.target_group, ''), follow_up.target_group)
       AND target.valid_from <= list.as_of
       AND (target.valid_to IS NULL OR target.valid_to >= list.as_of)
    WHERE row.municipality_id = %(municipality)s
      AND row.nonresponder_list_id = ANY(%(lists)s)
      AND row.row_class = ANY(%(classes)s)
    ORDER BY
        row.nonresponder_list_id,
        coalesce(row.citizen_id::text, encode(row.cpr_index, 'hex'), 'row ' || row.id),
        target."order" NULLS LAST,
        row.id
)
SELECT
    nonresponder_list_id,
    target_group,
    count(*) AS not_reacted,
    count(*) FILTER (WHERE outcome = 'declined') AS declined,
    count(*) FILTER (WHERE outcome = 'undecided') AS undecided
FROM rows_in_groups
GROUP BY nonresponder_list_id, target_group
