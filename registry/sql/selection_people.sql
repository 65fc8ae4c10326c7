-- Who an own selection names (L9), the group each counts in (C7), and what a start does with them (L8).
-- The same rule as registry.selectors.selections_criteria.matches; a test holds the two equal.
CREATE TEMPORARY TABLE selected_people ON COMMIT DROP AS
WITH people AS (
    SELECT c.*
    FROM registry_citizen AS c
    WHERE
        c.municipality_id = %(municipality)s
        -- A replaced number is a second record of somebody who is found under the valid one.
        AND c.status <> 'replaced'
        AND (%(born_by)s::date IS NULL OR c.birth_date <= %(born_by)s)
        AND (%(born_after)s::date IS NULL OR c.birth_date > %(born_after)s)
        AND (NOT %(care_home)s OR c.care_home)
        AND (NOT %(personal_care)s OR c.personal_care)
        AND (NOT %(practical_help)s OR c.practical_help)
        AND (NOT %(home_nursing)s OR c.home_nursing)
        AND (%(institution)s::bigint IS NULL OR c.institution_id = %(institution)s)
        AND (cardinality(%(parishes)s::int[]) = 0 OR c.parish_id = ANY(%(parishes)s))
        AND (
            cardinality(%(streets)s::text[]) = 0
            OR EXISTS (
                SELECT 1 FROM unnest(%(streets)s::text[]) AS street WHERE starts_with(lower(c.address), lower(street))
            )
        )
        AND (%(language)s = '' OR c.language = %(language)s)
),

grouped AS (
    SELECT
        p.id,
        p.status,
        p.do_not_contact_since,
        coalesce((
            SELECT g.code
            FROM registry_targetgroup AS g
            WHERE
                g.programme_id = %(programme)s
                AND g.valid_from <= %(age_on)s
                AND (g.valid_to IS NULL OR g.valid_to >= %(age_on)s)
                AND (
                    (g.kind = 'care_home' AND p.care_home)
                    OR (
                        g.kind = 'both_services_65'
                        AND p.personal_care
                        AND p.practical_help
                        AND p.birth_date <= (%(age_on)s::date - interval '65 years')::date
                    )
                    OR (
                        g.kind = 'birth_years'
                        AND EXISTS (
                            SELECT 1
                            FROM generate_series(1, cardinality(g.birth_years), 2) AS pair
                            WHERE
                                extract(YEAR FROM p.birth_date)
                                BETWEEN g.birth_years[pair] AND g.birth_years[pair + 1]
                        )
                    )
                )
            ORDER BY g."order"
            LIMIT 1
        ), '') AS target_group
    FROM people AS p
    OFFSET 0
)

SELECT
    g.id AS citizen_id,
    g.target_group,
    g.target_group = ANY(%(mandatory)s) AS mandatory,
    f.id AS follow_up_id,
    CASE
        WHEN g.do_not_contact_since IS NOT NULL THEN 'do_not_contact'
        WHEN g.status <> 'active' THEN 'status'
        WHEN f.status = 'open' THEN 'followed'
        -- L8: an answer in another programme after which nobody asks in this one either.
        WHEN barring.closed_reason IN ('do_not_contact', 'declined') THEN barring.closed_reason
        WHEN barring.closed_reason IN ('status', 'moved') THEN 'status'
        WHEN barring.citizen_id IS NOT NULL THEN 'answered'
        WHEN f.id IS NULL THEN 'open'
        WHEN f.closed_reason = 'do_not_contact' THEN 'do_not_contact'
        WHEN f.closed_reason IN ('status', 'moved') AND f.outcome IN ('deceased', 'moved') THEN 'status'
        -- L8: a no rests until its date; then it may be asked again, as when a list names them.
        WHEN f.closed_reason = 'declined' AND (f.reopen_on IS NULL OR f.reopen_on > %(today)s) THEN 'declined'
        WHEN f.closed_reason = 'declined' THEN 'reopen'
        WHEN f.closed_reason IN ('answered', 'attempts_documented') THEN 'answered'
        -- Gone, ended, undone or never listed: whoever has answered is not asked again.
        WHEN f.outcome NOT IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number') THEN 'answered'
        ELSE 'reopen'
    END AS act
FROM grouped AS g
LEFT JOIN registry_followup AS f ON f.citizen_id = g.id AND f.programme_id = %(programme)s
LEFT JOIN barring ON barring.citizen_id = g.id
WHERE %(target_group)s = '' OR g.target_group = %(target_group)s
