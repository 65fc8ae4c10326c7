-- K12: what contact took, from a moment on, by day, list, programme and target group. A contact about several programmes
-- counts once, where its first answer belongs; undone answers and spreadsheets of earlier contacts do not count.
WITH contacts AS (
    SELECT (a.at AT TIME ZONE 'Europe/Copenhagen')::date AS day, a.nonresponder_list_id, a.kind,
        a.spoke_with <> 'nobody' AS reached, about.programme_id, about.target_group, about.ride,
        -- One call may have answered for a household: its time is counted with the first of them.
        row_number() OVER (PARTITION BY a.by_user_id, a.at, a.kind ORDER BY a.id) = 1 AS timed_here,
        -- What the caller told, else from taking the citizen to saving the answer, at most as long as a claim lasts.
        coalesce(a.minutes * 60,
            CASE WHEN t.id IS NOT NULL THEN least(extract(epoch FROM a.at - t.claimed_at)::int, %(longest)s) END) AS seconds
    FROM campaigns_contactattempt a
    LEFT JOIN campaigns_calltask t ON t.id = a.call_task_id AND t.claimed_at < a.at
    LEFT JOIN LATERAL (
        SELECT (array_agg(f.programme_id ORDER BY w.id))[1] AS programme_id,
            (array_agg(f.target_group ORDER BY w.id))[1] AS target_group, bool_or(w.outcome = 'needs_ride') AS ride
        FROM campaigns_contactanswer w
        JOIN registry_followup f ON f.id = w.follow_up_id
        WHERE w.attempt_id = a.id
    ) about ON true
    WHERE a.municipality_id = %(municipality)s AND a.at >= %(since)s AND a.undone_at IS NULL
        AND a.kind IN ('call', 'call_in', 'dialogue', 'lookup', 'letter')
),
counted AS (
    SELECT day, nonresponder_list_id, programme_id, coalesce(target_group, '') AS target_group,
        count(*) FILTER (WHERE kind = 'call') AS calls,
        count(*) FILTER (WHERE kind = 'call_in') AS calls_in,
        count(*) FILTER (WHERE reached AND kind IN ('call', 'call_in')) AS reached,
        coalesce(sum(seconds) FILTER (WHERE timed_here AND kind IN ('call', 'call_in')), 0) AS seconds,
        count(*) FILTER (WHERE timed_here AND seconds IS NULL AND kind IN ('call', 'call_in')) AS untimed,
        count(*) FILTER (WHERE kind = 'dialogue') AS talks,
        coalesce(sum(seconds) FILTER (WHERE timed_here AND kind = 'dialogue'), 0) AS talk_seconds,
        count(*) FILTER (WHERE timed_here AND seconds IS NULL AND kind = 'dialogue') AS talks_untimed,
        count(*) FILTER (WHERE kind = 'lookup') AS lookups,
        0 AS messages, 0 AS segments,
        count(*) FILTER (WHERE kind = 'letter') AS letters,
        count(*) FILTER (WHERE ride) AS rides
    FROM contacts
    GROUP BY day, nonresponder_list_id, programme_id, coalesce(target_group, '')
    UNION ALL
    -- What the gateway took is paid for, whether the telephone was there or not.
    SELECT (m.handed_over_at AT TIME ZONE 'Europe/Copenhagen')::date, f.last_list_id, f.programme_id,
        coalesce(f.target_group, ''), 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*), sum(m.segments), 0, 0
    FROM campaigns_smsmessage m
    LEFT JOIN registry_followup f ON f.id = m.follow_up_id
    WHERE m.municipality_id = %(municipality)s AND m.handed_over_at >= %(since)s
        AND m.status IN ('accepted', 'sent', 'delivered', 'undelivered')
    GROUP BY 1, 2, 3, 4
)
INSERT INTO campaigns_workloadday
    (municipality_id, day, nonresponder_list_id, programme_id, target_group, calls, calls_in, reached, seconds, untimed,
     talks, talk_seconds, talks_untimed, lookups, messages, segments, letters, rides)
SELECT %(municipality)s, day, nonresponder_list_id, programme_id, target_group, sum(calls), sum(calls_in), sum(reached),
    sum(seconds), sum(untimed), sum(talks), sum(talk_seconds), sum(talks_untimed), sum(lookups), sum(messages), sum(segments), sum(letters), sum(rides)
FROM counted
GROUP BY day, nonresponder_list_id, programme_id, target_group
