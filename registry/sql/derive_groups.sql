-- C7: a list without a group column gets the earliest group each citizen belongs to on the as-of date.
-- The same rule as registry.target_group_rules.earliest_group; a test holds the two equal on random citizens.
UPDATE incoming AS row_in
SET target_group = derived.code
FROM (
    SELECT known.row_number, rule.code
    FROM (
        SELECT
            i.row_number,
            coalesce(held.birth_date, own.birth_date, i.birth_date) AS birth_date,
            coalesce(held.care_home, own.care_home, false) AS care_home,
            coalesce(
                held.personal_care AND held.practical_help, own.personal_care AND own.practical_help, false
            ) AS both_services
        FROM incoming AS i
        LEFT JOIN registry_citizen AS own
            ON own.municipality_id = %(municipality)s AND own.cpr_index = i.cpr_index
        -- As in classify.sql: a number the citizen had before finds its holder.
        LEFT JOIN registry_previousnumber AS previous
            ON
                previous.municipality_id = %(municipality)s
                AND previous.cpr_index = i.cpr_index
                AND (own.id IS NULL OR own.status = 'replaced')
        LEFT JOIN registry_citizen AS held ON held.id = previous.citizen_id
        WHERE i.problem_code = '' AND i.target_group = ''
    ) AS known
    CROSS JOIN LATERAL (
        SELECT g.code
        FROM registry_targetgroup AS g
        WHERE
            g.programme_id = %(programme)s
            AND g.valid_from <= %(as_of)s
            AND (g.valid_to IS NULL OR g.valid_to >= %(as_of)s)
            AND (
                (g.kind = 'care_home' AND known.care_home)
                OR (
                    g.kind = 'both_services_65'
                    AND known.both_services
                    AND known.birth_date <= (%(as_of)s::date - interval '65 years')::date
                )
                OR (
                    g.kind = 'birth_years'
                    AND EXISTS (
                        SELECT 1
                        FROM generate_series(1, cardinality(g.birth_years), 2) AS pair
                        WHERE
                            extract(YEAR FROM known.birth_date)
                            BETWEEN g.birth_years[pair] AND g.birth_years[pair + 1]
                    )
                )
            )
        ORDER BY g."order"
        LIMIT 1
    ) AS rule
) AS derived
WHERE derived.row_number = row_in.row_number
