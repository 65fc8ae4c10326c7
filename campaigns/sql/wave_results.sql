-- What came of a wave, for those written to and those held out: answered, booked, and gone from the list, by day after
-- the message (day 0 is the day itself; for those held out after the wave's first message). Each citizen counts once,
-- on the first day.
WITH people AS (
    SELECT
        r.citizen_id,
        r.held_out,
        r.follow_up_id,
        CASE WHEN r.held_out THEN %(began)s ELSE m.handed_over_at END AS since
    FROM campaigns_smswaverecipient AS r
    LEFT JOIN campaigns_smsmessage AS m
        ON m.wave_id = r.wave_id AND m.citizen_id = r.citizen_id AND m.handed_over_at IS NOT NULL
    WHERE
        r.wave_id = %(wave)s
        AND r.municipality_id = %(municipality)s
        AND (r.held_out OR m.id IS NOT NULL)
),

happened AS (
    SELECT
        p.citizen_id,
        p.held_out,
        p.since,
        (
            SELECT min(t.at)
            FROM campaigns_contactattempt AS t
            JOIN campaigns_contactanswer AS a ON a.attempt_id = t.id
            WHERE
                t.citizen_id = p.citizen_id
                AND t.undone_at IS NULL
                AND t.at >= p.since
                AND a.outcome <> ALL(%(no_answer)s)
        ) AS answered,
        (
            SELECT min(t.at)
            FROM campaigns_contactattempt AS t
            JOIN campaigns_contactanswer AS a ON a.attempt_id = t.id
            WHERE
                t.citizen_id = p.citizen_id
                AND t.undone_at IS NULL
                AND t.at >= p.since
                AND a.outcome IN ('books_self', 'booked_on_behalf', 'already_booked', 'already_vaccinated')
        ) AS booked,
        (
            SELECT min(g.at)
            FROM registry_followupchange AS g
            WHERE g.follow_up_id = p.follow_up_id AND g.kind = 'closed' AND g.reason = 'gone' AND g.at >= p.since
        ) AS gone
    FROM people AS p
),

told AS (
    SELECT 'people' AS what, held_out, since AS at, since FROM happened
    UNION ALL
    SELECT 'answered', held_out, answered, since FROM happened WHERE answered IS NOT NULL
    UNION ALL
    SELECT 'booked', held_out, booked, since FROM happened WHERE booked IS NOT NULL
    UNION ALL
    SELECT 'gone', held_out, gone, since FROM happened WHERE gone IS NOT NULL
)

SELECT
    what,
    held_out,
    (at AT TIME ZONE 'Europe/Copenhagen')::date - (since AT TIME ZONE 'Europe/Copenhagen')::date AS day,
    count(*)
FROM told
GROUP BY what, held_out, day
ORDER BY what, held_out, day
