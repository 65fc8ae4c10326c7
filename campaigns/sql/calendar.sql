-- The first part of the planner's statements: Danish days from Python, because holidays are computed there.
-- number counts working days up to and including the day.
WITH calendar AS MATERIALIZED (
    SELECT day, number, working, holiday, extract(isodow FROM day) = 7 AS sunday
    FROM unnest(%(days)s::date[], %(numbers)s::int[], %(working)s::bool[], %(holidays)s::bool[])
        AS given (day, number, working, holiday)
),
working_days AS MATERIALIZED (
    SELECT number, day, lead(day) OVER (ORDER BY day) AS next_day FROM calendar WHERE working
),
-- S4: for each kind of window, the first day with SMS from each day on, and the first one after it.
sending_days AS MATERIALIZED (
    SELECT day, sundays, holidays,
        min(open_day) OVER (PARTITION BY sundays, holidays ORDER BY day
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS sending_day,
        min(open_day) OVER (PARTITION BY sundays, holidays ORDER BY day
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS later_sending_day
    FROM (
        SELECT c.day, kinds.sundays, kinds.holidays,
            CASE WHEN (kinds.sundays OR NOT c.sunday) AND (kinds.holidays OR NOT c.holiday) THEN c.day END AS open_day
        FROM calendar c
        CROSS JOIN (VALUES (false, false), (false, true), (true, false), (true, true)) AS kinds (sundays, holidays)
    ) each_day
)
