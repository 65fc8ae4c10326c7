-- The first part of the planner's statements: Danish days from Python, because holidays are computed there.
-- number counts working days up to and including the day.
WITH calendar AS MATERIALIZED (
    SELECT day, number, working, holiday, extract(isodow FROM day) = 7 AS sunday,
        day::timestamp AT TIME ZONE 'Europe/Copenhagen' AS midnight
    FROM unnest(%(days)s::date[], %(numbers)s::int[], %(working)s::bool[], %(holidays)s::bool[])
        AS given (day, number, working, holiday)
),
working_days AS MATERIALIZED (
    SELECT number, day, midnight, lead(midnight) OVER (ORDER BY day) AS next_midnight FROM calendar WHERE working
)
