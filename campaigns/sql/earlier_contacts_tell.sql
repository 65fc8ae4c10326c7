-- Write down what was found of each row: who it is about, what is wrong, what it does. Rows as they were stay.
UPDATE campaigns_earliercontactrow AS r
SET citizen_id = n.citizen_id, problem_code = n.problem_code, problem_column = n.problem_column, effect = n.effect
FROM (
    SELECT
        m.id, m.citizen_id, m.problem_code, m.problem_column,
        CASE
            WHEN m.problem_code <> '' THEN ''
            WHEN news.row_id = m.id AND news.effect <> '' THEN news.effect
            WHEN
                NOT news.made
                AND news.status_before = 'open'
                AND m.outcome <> 'wrong_number'
                AND (news.counted_from IS NULL OR m.contacted_on >= news.counted_from) THEN 'attempt'
            WHEN news.closed_reason_before = 'not_listed' THEN 'stored'
            ELSE 'history'
        END AS effect
    FROM earlier_match AS m
    LEFT JOIN earlier_news AS news
        ON m.problem_code = '' AND news.citizen_id = m.citizen_id AND news.programme_id = m.programme_id
) AS n
WHERE
    r.id = n.id
    AND (r.citizen_id, r.problem_code, r.problem_column, r.effect)
    IS DISTINCT FROM (n.citizen_id, n.problem_code, n.problem_column, n.effect::varchar)
