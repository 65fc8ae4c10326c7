-- The first part of the planner's statements: Danish days from Python, because holidays are computed there.
-- number counts working days up to and including the day; sending_day is the first day from it on with SMS (S4).
WITH calendar AS MATERIALIZED (
    SELECT day, number, working, sending_day, lead(sending_day) OVER (ORDER BY day) AS later_sending_day
    FROM unnest(
        %(days)s::date[], %(numbers)s::int[], %(working)s::bool[], %(sending_days)s::date[]
    ) AS given (day, number, working, sending_day)
),
working_days AS MATERIALIZED (
    SELECT number, day, lead(day) OVER (ORDER BY day) AS next_day FROM calendar WHERE working
)
