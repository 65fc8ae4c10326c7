-- What the usable rows do to each follow-up: its summary afterwards (L8, K6). Only what is newer than what is known
-- counts, and an answer once given is not forgotten because nobody picked up later. `rules`: what an answer of a day
-- leads to, from the table of outcomes. earlier_contacts_twin.py in the tests says the same for one at a time.
DROP TABLE IF EXISTS earlier_news;
CREATE TEMPORARY TABLE earlier_news ON COMMIT DROP AS
WITH rules AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule (
        programme_id bigint, outcome text, day date, closes text, reopen_on date,
        kind text, at timestamptz, reason text, detail jsonb
    )
),

contacts AS MATERIALIZED (
    SELECT
        m.*,
        -- Nobody wrote down the time of day.
        (m.contacted_on + time '12:00') AT TIME ZONE 'Europe/Copenhagen' AS at,
        m.outcome <> ALL(%(not_reached)s) AS reached
    FROM earlier_match AS m
    WHERE m.problem_code = ''
),

wanted AS (SELECT DISTINCT citizen_id, programme_id FROM contacts),

held AS MATERIALIZED (
    SELECT f.*
    FROM registry_followup AS f
    INNER JOIN wanted ON wanted.citizen_id = f.citizen_id AND wanted.programme_id = f.programme_id
),

-- The invitation or the last reopening: attempts before it count no more.
restarted AS (
    SELECT c.follow_up_id, (max(c.at) AT TIME ZONE 'Europe/Copenhagen')::date AS day
    FROM registry_followupchange AS c
    WHERE
        c.follow_up_id IN (SELECT id FROM held)
        AND c.kind = 'reopened'
        -- What an undone file reopened never was.
        AND NOT EXISTS (
            SELECT FROM campaigns_earliercontacts AS undone
            WHERE
                undone.municipality_id = c.municipality_id
                AND undone.state = 'undone'
                AND undone.committed_at = c.at
                AND c.reason = 'earlier_contacts'
        )
    GROUP BY c.follow_up_id
),

known AS (
    SELECT held.*, greatest(held.invited_on, restarted.day) AS counted_from
    FROM held
    LEFT JOIN restarted ON restarted.follow_up_id = held.id
),

counted AS (
    SELECT
        c.citizen_id,
        c.programme_id,
        min(c.at) AS first_at,
        max(c.at) AS last_at,
        count(*) FILTER (WHERE c.kind IN ('call', 'call_in') AND counts.so) AS calls,
        count(*) FILTER (WHERE c.kind = 'sms' AND counts.so) AS messages,
        count(*) FILTER (WHERE c.kind = 'letter' AND counts.so) AS letters
    FROM contacts AS c
    LEFT JOIN known ON known.citizen_id = c.citizen_id AND known.programme_id = c.programme_id
    -- A wrong number reaches nobody and uses up no attempt, as on the call screen.
    CROSS JOIN LATERAL (
        SELECT c.outcome <> 'wrong_number' AND (known.counted_from IS NULL OR c.contacted_on >= known.counted_from) AS so
    ) AS counts
    GROUP BY c.citizen_id, c.programme_id
),

newest AS (
    SELECT DISTINCT ON (citizen_id, programme_id)
        citizen_id, programme_id, id AS row_id, at, reached, outcome, barrier, contacted_on
    FROM contacts
    ORDER BY citizen_id, programme_id, reached DESC, at DESC, row_number DESC
),

before AS (
    SELECT
        counted.*,
        known.id AS follow_up_id,
        known.counted_from,
        coalesce(known.status, 'closed') AS status,
        coalesce(known.closed_reason, 'not_listed') AS closed_reason,
        CASE WHEN known.id IS NULL THEN %(now)s::timestamptz ELSE known.closed_at END AS closed_at,
        known.reopen_on, known.outcome_at, known.first_contact_at, known.last_contact_at, known.next_step_at,
        coalesce(known.outcome, '') AS outcome,
        coalesce(known.barrier, '') AS barrier,
        coalesce(known.call_attempts, 0) AS call_attempts,
        coalesce(known.sms_sent, 0) AS sms_sent,
        coalesce(known.letters_sent, 0) AS letters_sent,
        coalesce(known.next_step_kind, '') AS next_step_kind,
        coalesce(known.next_step_reason, '') AS next_step_reason,
        coalesce(known.next_step_detail, '{}') AS next_step_detail,
        coalesce(known.outcome, '') <> '' AND known.outcome <> ALL(%(not_reached)s) AS answered
    FROM counted
    LEFT JOIN known ON known.citizen_id = counted.citizen_id AND known.programme_id = counted.programme_id
),

weighed AS (
    SELECT
        before.*,
        newest.row_id, newest.outcome AS new_outcome, newest.at AS new_at, newest.barrier AS new_barrier,
        newest.contacted_on AS new_day,
        CASE
            WHEN newest.reached THEN NOT coalesce(before.answered AND before.outcome_at >= newest.at, false)
            ELSE NOT before.answered AND (before.outcome_at IS NULL OR newest.at > before.outcome_at)
        END AS is_news
    FROM before
    INNER JOIN newest ON newest.citizen_id = before.citizen_id AND newest.programme_id = before.programme_id
),

decided AS (
    SELECT
        weighed.*,
        rules.closes, rules.reopen_on AS rests_until, rules.kind, rules.at AS step_at, rules.reason, rules.detail,
        CASE
            WHEN NOT weighed.is_news OR weighed.closed_reason = ANY(%(final)s) OR rules.outcome IS NULL THEN ''
            WHEN rules.closes <> '' THEN 'closes'
            WHEN
                weighed.status = 'open'
                -- A wish that was left lying by a "no" or by documented attempts is taken up again.
                OR (
                    weighed.follow_up_id IS NOT NULL
                    AND rules.kind <> 'wait'
                    AND weighed.closed_reason = ANY(%(taken_up)s)
                ) THEN 'opens'
            -- L8: what they wait for has not passed; a list that names them asks after it, not before.
            WHEN rules.kind = 'wait' AND rules.at > %(now)s THEN 'waits'
            ELSE ''
        END AS verdict
    FROM weighed
    LEFT JOIN rules
        ON
            rules.programme_id = weighed.programme_id
            AND rules.outcome = weighed.new_outcome
            AND rules.day = weighed.new_day
)

SELECT
    citizen_id, programme_id, follow_up_id, follow_up_id IS NULL AS made, counted_from, row_id,
    status AS status_before, closed_reason AS closed_reason_before,
    CASE
        WHEN verdict = 'closes' AND closes = 'declined' THEN 'closes'
        WHEN verdict = 'closes' THEN 'ends'
        WHEN verdict = 'opens' THEN 'answers'
        ELSE ''
    END AS effect,
    CASE verdict WHEN 'closes' THEN 'closed' WHEN 'opens' THEN 'open' ELSE status END::varchar AS status,
    CASE verdict WHEN 'closes' THEN closes WHEN 'opens' THEN '' WHEN 'waits' THEN 'answered' ELSE closed_reason END::varchar
        AS closed_reason,
    CASE verdict WHEN 'closes' THEN coalesce(closed_at, %(now)s) WHEN 'opens' THEN NULL ELSE closed_at END AS closed_at,
    CASE verdict
        WHEN 'closes' THEN rests_until
        WHEN 'opens' THEN NULL
        WHEN 'waits' THEN (step_at AT TIME ZONE 'Europe/Copenhagen')::date
        ELSE reopen_on
    END AS reopen_on,
    CASE WHEN is_news THEN new_outcome ELSE outcome END::varchar AS outcome,
    CASE WHEN is_news THEN new_at ELSE outcome_at END AS outcome_at,
    CASE WHEN is_news THEN new_barrier ELSE barrier END::varchar AS barrier,
    least(first_contact_at, first_at) AS first_contact_at,
    greatest(last_contact_at, last_at) AS last_contact_at,
    call_attempts + calls AS call_attempts,
    sms_sent + messages AS sms_sent,
    letters_sent + letters AS letters_sent,
    CASE verdict WHEN 'closes' THEN '' WHEN 'opens' THEN kind ELSE next_step_kind END::varchar AS next_step_kind,
    CASE verdict WHEN 'closes' THEN NULL WHEN 'opens' THEN step_at ELSE next_step_at END AS next_step_at,
    CASE verdict WHEN 'closes' THEN '' WHEN 'opens' THEN reason ELSE next_step_reason END::varchar AS next_step_reason,
    CASE verdict WHEN 'closes' THEN '{}' WHEN 'opens' THEN detail ELSE next_step_detail END AS next_step_detail
FROM decided;
ANALYZE earlier_news;

-- Who said "do not contact me again" as the last thing they said in any programme, and was not marked yet; other
-- programmes' open follow-ups end with it (K6).
DROP TABLE IF EXISTS earlier_stopped;
CREATE TEMPORARY TABLE earlier_stopped ON COMMIT DROP AS
SELECT DISTINCT c.id AS citizen_id
FROM earlier_match AS m
INNER JOIN registry_citizen AS c ON c.id = m.citizen_id
WHERE
    m.problem_code = ''
    AND m.outcome = 'do_not_contact'
    AND c.do_not_contact_since IS NULL
    AND NOT EXISTS (
        SELECT FROM earlier_match AS later
        WHERE
            later.citizen_id = m.citizen_id
            AND later.problem_code = ''
            AND later.outcome <> ALL(%(not_reached)s)
            AND (later.contacted_on, later.row_number) > (m.contacted_on, m.row_number)
    )
    AND NOT EXISTS (
        SELECT FROM registry_followup AS f
        WHERE
            f.citizen_id = m.citizen_id
            AND f.outcome <> ''
            AND f.outcome <> ALL(%(not_reached)s)
            AND f.outcome_at >= (m.contacted_on + time '12:00') AT TIME ZONE 'Europe/Copenhagen'
    );
ANALYZE earlier_stopped
