-- IP04: what a corrected list of the same week changes for those whom both name, by the rows' numbers.
SELECT
    r.row_number,
    r.target_group <> '' AND r.target_group <> f.target_group AS other_group,
    r.invited_on IS NOT NULL AND r.invited_on IS DISTINCT FROM f.invited_on AS other_day
FROM registry_listrow AS r
INNER JOIN registry_followup AS f ON f.citizen_id = r.citizen_id AND f.programme_id = %(programme)s
WHERE
    r.nonresponder_list_id = %(list)s
    AND r.row_class IN ('waiting', 'other_number')
    AND f.last_list_id = %(newest)s
    AND (
        (r.target_group <> '' AND r.target_group <> f.target_group)
        OR (r.invited_on IS NOT NULL AND r.invited_on IS DISTINCT FROM f.invited_on)
    )
ORDER BY r.row_number
