-- The contact policies, for every statement that works out next steps.
, policies AS (
    SELECT id, programme_id, municipality_id, quiet_gap_hours FROM campaigns_contactpolicy
),
policy_steps AS MATERIALIZED (
    SELECT policy_id, position, kind, delay_days, attempts, retry_days,
        CASE WHEN cardinality(hours) = 0 THEN ARRAY[10] ELSE hours::int[] END AS hours,
        position = min(position) OVER (PARTITION BY policy_id) AS is_first,
        -- Attempts that earlier steps of the same kind take.
        coalesce(sum(attempts) OVER (
            PARTITION BY policy_id, kind ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)::int AS before,
        -- An SMS step is overtaken once the calls after it have begun.
        coalesce(sum(attempts) FILTER (WHERE kind = 'call') OVER (
            PARTITION BY policy_id ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)::int AS calls_before,
        coalesce(bool_or(kind = 'call') OVER (
            PARTITION BY policy_id ORDER BY position ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ), false) AS call_follows
    FROM campaigns_contactpolicystep
),
policy_summary AS MATERIALIZED (
    SELECT policy_id,
        bool_or(kind = 'sms') AS has_sms,
        (array_agg(hours[1] ORDER BY position) FILTER (WHERE kind = 'call'))[1] AS call_hour
    FROM policy_steps GROUP BY policy_id
),
windows AS MATERIALIZED (
    SELECT m.code AS municipality_id, coalesce(s.opens, 9) AS opens, coalesce(s.closes, 20) AS closes,
        coalesce(s.sundays, false) AS sundays, coalesce(s.holidays, false) AS holidays
    FROM registry_municipality m
    LEFT JOIN campaigns_contactsettings s ON s.municipality_id = m.code
),
