
-- How many of each verdict; `example` is one name of those with it.
SELECT verdict, count(*), any_value(name) AS example FROM judged GROUP BY verdict
