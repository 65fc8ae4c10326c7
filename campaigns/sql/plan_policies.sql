-- The contact policies, for every statement that works out next steps.
, policies AS (
    SELECT id, programme_id, municipality_id, quiet_gap_hours
    FROM campaigns_contactpolicy
    WHERE municipality_id IS NULL
        OR municipality_id = ANY (nullif(current_setting('app.municipalities', true), '')::int[])
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
    WHERE policy_id IN (SELECT id FROM policies)
),
policy_summary AS MATERIALIZED (
    SELECT policy_id,
        bool_or(kind = 'sms') AS has_sms,
        (array_agg(hours[1] ORDER BY position) FILTER (WHERE kind = 'call'))[1] AS call_hour,
        coalesce(sum(attempts) FILTER (WHERE kind = 'sms'), 0)::int AS most_sms,
        coalesce(sum(attempts) FILTER (WHERE kind = 'call'), 0)::int AS most_calls,
        coalesce(sum(attempts) FILTER (WHERE kind = 'letter'), 0)::int AS most_letters
    FROM policy_steps GROUP BY policy_id
),
-- K2: the step that comes next, for every number of attempts made and what is possible: some hundred rows to look up,
-- where working it out for each of a million follow-ups took a fifth of the run. More attempts than a policy has change
-- nothing, so they are counted up to its own sum. Arrays, because of a series PostgreSQL expects 1,000 rows: of three
-- series it expected 12,000,000,000 choices, and split every follow-up over 8,192 files to look them up.
policy_choices AS MATERIALIZED (
    SELECT sums.policy_id, sms.sent, call.made, letter.sent AS letters, possible.can_sms, possible.can_call,
        step.kind, step.attempt, step.hours, step.is_first, step.delay_days, step.retry_days
    FROM policy_summary sums
    CROSS JOIN LATERAL unnest(ARRAY(SELECT generate_series(0, sums.most_sms))) AS sms (sent)
    CROSS JOIN LATERAL unnest(ARRAY(SELECT generate_series(0, sums.most_calls))) AS call (made)
    CROSS JOIN LATERAL unnest(ARRAY(SELECT generate_series(0, sums.most_letters))) AS letter (sent)
    CROSS JOIN (VALUES (false, false), (false, true), (true, false), (true, true)) AS possible (can_sms, can_call)
    CROSS JOIN LATERAL (
        SELECT s.*, greatest(counted.done, 0) AS attempt
        FROM policy_steps s,
            LATERAL (SELECT CASE s.kind WHEN 'sms' THEN sms.sent WHEN 'call' THEN call.made
                WHEN 'letter' THEN letter.sent END - s.before AS done) counted
        WHERE s.policy_id = sums.policy_id AND s.kind IN ('sms', 'call', 'letter')
            AND counted.done < s.attempts
            AND (s.kind <> 'sms' OR possible.can_sms AND NOT (s.call_follows AND call.made > s.calls_before))
            AND (s.kind <> 'call' OR possible.can_call)
        ORDER BY s.position LIMIT 1
    ) step
),
-- S4: each municipality's window on each day, and when it opens next: on the first day from there on, and after it.
windows AS MATERIALIZED (
    SELECT m.code AS municipality_id, coalesce(s.opens, 9) AS opens, coalesce(s.closes, 20) AS closes,
        coalesce(s.sundays, false) AS sundays, coalesce(s.holidays, false) AS holidays
    FROM registry_municipality m
    LEFT JOIN campaigns_contactsettings s ON s.municipality_id = m.code
    WHERE m.code = ANY (nullif(current_setting('app.municipalities', true), '')::int[])
),
sending_days AS MATERIALIZED (
    SELECT municipality_id, day, opens_at, closes_at, open_day = day AS is_open,
        min(CASE WHEN open_day IS NOT NULL THEN opens_at END) OVER (from_here ROWS BETWEEN CURRENT ROW
            AND UNBOUNDED FOLLOWING) AS next_opening,
        min(CASE WHEN open_day IS NOT NULL THEN opens_at END) OVER (from_here ROWS BETWEEN 1 FOLLOWING
            AND UNBOUNDED FOLLOWING) AS later_opening
    FROM (
        SELECT w.municipality_id, c.day,
            (c.day + make_interval(hours => w.opens)) AT TIME ZONE 'Europe/Copenhagen' AS opens_at,
            (c.day + make_interval(hours => w.closes)) AT TIME ZONE 'Europe/Copenhagen' AS closes_at,
            CASE WHEN (w.sundays OR NOT c.sunday) AND (w.holidays OR NOT c.holiday) THEN c.day END AS open_day
        FROM windows w
        CROSS JOIN calendar c
    ) each_day
    WINDOW from_here AS (PARTITION BY municipality_id ORDER BY day)
),
