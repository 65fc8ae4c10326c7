-- K1: every open follow-up gets its one next step with date and reason, or is closed.
-- The same rule as campaigns/next_steps.py, for a million rows; a test holds both equal on random data.
-- OFFSET 0 keeps a part whole: flattened into one, each expression would be computed dozens of times (20 times slower).
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
planned_citizens AS NOT MATERIALIZED (
    SELECT f.citizen_id
    FROM registry_followup f
    WHERE f.status = 'open'
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        -- All programmes of the citizens on the list: their steps depend on each other.
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup WHERE last_list_id = %(list)s
        ))
),
scope AS (
    SELECT f.xmin AS row_version, f.*, coalesce(own.id, common.id) AS policy_id,
        coalesce(own.quiet_gap_hours, common.quiet_gap_hours, 24) AS quiet_gap_hours,
        c.status AS citizen_status, c.do_not_contact_since, c.name ~ '\w' AS named,
        coalesce(c.birth_date > (%(today)s::date - interval '18 years')::date, false) AS child,
        f.last_contact_at IS NOT NULL AND f.sms_sent + f.call_attempts + f.letters_sent > 0 AS contacted
    FROM registry_followup f
    JOIN registry_citizen c ON c.id = f.citizen_id
    LEFT JOIN policies own ON own.programme_id = f.programme_id AND own.municipality_id = f.municipality_id
    LEFT JOIN policies common ON common.programme_id = f.programme_id AND common.municipality_id IS NULL
    WHERE f.status = 'open'
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup WHERE last_list_id = %(list)s
        ))
    OFFSET 0
),
phones AS (
    SELECT p.citizen_id, bool_or(p.source = 'relative') AS from_relative,
        bool_or(p.kind = 'mobile' AND stop.id IS NULL) AS may_get_sms,
        bool_or(p.kind = 'mobile' AND stop.id IS NOT NULL) AS opted_out
    FROM registry_phone p
    LEFT JOIN campaigns_optout stop
        ON stop.municipality_id = p.municipality_id AND stop.number_index = p.number_index
    WHERE p.wrong_since IS NULL AND p.citizen_id IN (SELECT citizen_id FROM planned_citizens)
    GROUP BY p.citizen_id
),
people AS (
    SELECT citizen_id, bool_or(kind = 'custody_holder') AS custody_holder
    FROM registry_relative
    WHERE phone_index IS NOT NULL AND citizen_id IN (SELECT citizen_id FROM planned_citizens)
    GROUP BY citizen_id
),
facts AS (
    SELECT s.*,
        CASE WHEN s.contacted THEN greatest(s.last_contact_at, s.opened_at) ELSE s.opened_at END AS base,
        CASE WHEN s.child THEN coalesce(r.custody_holder, false) OR coalesce(p.from_relative, false)
            ELSE p.citizen_id IS NOT NULL OR r.citizen_id IS NOT NULL END AS reachable,
        coalesce(p.may_get_sms, false) AND s.named AND NOT s.child AS can_sms,
        coalesce(p.opted_out, false) AS opted_out,
        coalesce(summary.has_sms, false) AS has_sms,
        coalesce(summary.call_hour, 10) AS call_hour
    FROM scope s
    LEFT JOIN phones p ON p.citizen_id = s.citizen_id
    LEFT JOIN people r ON r.citizen_id = s.citizen_id
    LEFT JOIN policy_summary summary ON summary.policy_id = s.policy_id
    OFFSET 0
),
judged AS (
    SELECT f.*,
        NOT f.reachable AND EXISTS (
            SELECT FROM campaigns_contactattempt a
            WHERE a.citizen_id = f.citizen_id AND a.kind = 'lookup' AND a.undone_at IS NULL AND a.at >= f.opened_at
        ) AS lookup_failed,
        CASE WHEN f.do_not_contact_since IS NOT NULL THEN 'do_not_contact'
            WHEN f.citizen_status = ANY (%(ended)s) THEN 'status'
            WHEN f.citizen_status = 'outside' THEN 'moved' END AS closes
    FROM facts f
    OFFSET 0
),
kept AS (
    SELECT j.*,
        -- What an answer gave is kept while it holds.
        j.closes IS NULL AND j.next_step_reason = ANY (%(answer_reasons)s) AND CASE j.next_step_kind
            WHEN 'call' THEN j.reachable
            WHEN 'lookup' THEN NOT j.reachable AND NOT j.lookup_failed
            WHEN 'wait' THEN j.next_step_at > %(now)s
            ELSE true END AS keeps,
        j.closes IS NULL AND j.next_step_reason = ANY (%(answer_reasons)s) AND j.next_step_kind = 'wait'
            AND j.next_step_at <= %(now)s AND j.reachable AS checks
    FROM judged j
    OFFSET 0
),
chosen AS (
    SELECT k.*, step.kind AS step_kind, step.attempt, step.hours, step.is_first, step.delay_days, step.retry_days,
        step.kind IS NULL AND (k.call_attempts > 0 OR k.letters_sent > 0) AS exhausted
    FROM kept k
    LEFT JOIN LATERAL (
        SELECT s.*, greatest(counted.done, 0) AS attempt
        FROM policy_steps s,
            LATERAL (SELECT CASE s.kind WHEN 'sms' THEN k.sms_sent WHEN 'call' THEN k.call_attempts
                WHEN 'letter' THEN k.letters_sent END - s.before AS done) counted
        WHERE s.policy_id = k.policy_id AND s.kind IN ('sms', 'call', 'letter')
            AND counted.done < s.attempts
            AND (s.kind <> 'sms' OR k.can_sms AND NOT (s.call_follows AND k.call_attempts > s.calls_before))
            AND (s.kind <> 'call' OR k.reachable OR NOT k.lookup_failed)
        ORDER BY s.position LIMIT 1
    ) step ON k.closes IS NULL AND NOT k.keeps AND NOT k.checks
    OFFSET 0
),
named AS (
    SELECT c.*,
        CASE WHEN c.closes IS NOT NULL OR c.keeps THEN NULL
            WHEN c.checks THEN 'call'
            WHEN c.step_kind = 'call' AND NOT c.reachable THEN 'lookup'
            WHEN c.step_kind IS NOT NULL THEN c.step_kind
            WHEN c.exhausted THEN 'wait'
            -- K2: an unanswered SMS alone never completes a follow-up, whatever the policy says.
            WHEN c.reachable THEN 'call'
            WHEN NOT c.lookup_failed THEN 'lookup'
            ELSE 'letter' END AS kind,
        CASE WHEN c.checks THEN c.next_step_at ELSE c.base END AS slot_base,
        CASE WHEN c.checks THEN 0
            WHEN c.exhausted THEN CASE WHEN c.answer_due IS NULL THEN %(wait_without_deadline)s ELSE %(last_wait)s END
            WHEN c.step_kind IS NULL THEN 1
            WHEN c.attempt > 0 THEN c.retry_days
            WHEN c.is_first OR c.contacted THEN c.delay_days
            ELSE 0 END AS slot_days,
        CASE WHEN c.checks THEN c.call_hour
            WHEN c.step_kind = 'sms' OR c.exhausted THEN 8
            WHEN c.step_kind IS NOT NULL THEN c.hours[1 + c.attempt %% cardinality(c.hours)]
            WHEN c.reachable THEN c.call_hour
            ELSE 8 END AS slot_hour
    FROM chosen c
    OFFSET 0
),
placed AS (
    SELECT n.*,
        CASE WHEN moments.on_day >= n.slot_base THEN moments.on_day ELSE moments.on_next END AS slot_at,
        (due.day + interval '8 hours') AT TIME ZONE 'Europe/Copenhagen' AS due_at
    FROM named n
    LEFT JOIN calendar b ON b.day = (n.slot_base AT TIME ZONE 'Europe/Copenhagen')::date
    LEFT JOIN working_days w ON w.number = b.number
        + CASE WHEN n.slot_days = 0 THEN (NOT b.working)::int ELSE n.slot_days END
    LEFT JOIN calendar d ON d.day = n.answer_due
    LEFT JOIN working_days due ON due.number = d.number + 1
    LEFT JOIN LATERAL (
        SELECT (w.day + make_interval(hours => n.slot_hour)) AT TIME ZONE 'Europe/Copenhagen' AS on_day,
            (w.next_day + make_interval(hours => n.slot_hour)) AT TIME ZONE 'Europe/Copenhagen' AS on_next
    ) moments ON true
    OFFSET 0
),
wished AS (
    SELECT p.*,
        CASE p.kind
            WHEN 'sms' THEN greatest(
                CASE WHEN p.slot_days = 0 THEN p.base ELSE p.slot_at END,
                p.last_contact_at + make_interval(hours => p.quiet_gap_hours)
            )
            WHEN 'lookup' THEN p.base
            WHEN 'wait' THEN greatest(p.due_at, p.slot_at)
            ELSE p.slot_at END AS wished_at
    FROM placed p
    OFFSET 0
),
decided AS (
    SELECT w.id, w.row_version, w.citizen_id, w.next_step_kind, w.next_step_at, w.next_step_reason,
        w.next_step_detail,
        coalesce(w.closes, CASE WHEN w.kind = 'wait' AND w.wished_at <= %(now)s THEN 'attempts_documented' END)
            AS closed,
        CASE WHEN w.keeps THEN w.next_step_kind ELSE w.kind END AS new_kind,
        CASE WHEN w.keeps THEN w.next_step_at
            WHEN w.kind <> 'sms' THEN w.wished_at
            -- S4: 9 to 20, never on Sundays and holidays.
            WHEN local.hour BETWEEN 9 AND 19 AND s.sending_day = s.day THEN w.wished_at
            WHEN local.hour < 9 THEN (s.sending_day + interval '9 hours') AT TIME ZONE 'Europe/Copenhagen'
            ELSE (s.later_sending_day + interval '9 hours') AT TIME ZONE 'Europe/Copenhagen' END AS new_at,
        CASE WHEN w.keeps THEN w.next_step_reason
            WHEN w.checks THEN 'check_call'
            WHEN w.kind = 'sms' THEN 'first_contact'
            WHEN w.kind = 'wait' THEN 'attempts_done'
            WHEN w.kind = 'lookup' THEN CASE WHEN w.child THEN 'no_custody_holder_phone' ELSE 'no_phone' END
            WHEN w.kind = 'letter' THEN CASE
                WHEN w.call_attempts > 0 THEN 'calls_unanswered'
                WHEN NOT w.reachable THEN 'no_number_found'
                ELSE 'first_contact' END
            WHEN w.call_attempts > 0 AND w.last_contact_at IS NOT NULL THEN 'not_reached'
            WHEN w.child THEN 'custody_holder'
            WHEN w.sms_sent > 0 THEN 'sms_unanswered'
            WHEN NOT w.has_sms THEN 'first_contact'
            WHEN w.opted_out THEN 'sms_opted_out'
            ELSE 'no_mobile' END AS new_reason,
        CASE WHEN w.keeps THEN w.next_step_detail
            WHEN w.checks THEN jsonb_build_object('after', w.next_step_reason)
            WHEN w.kind = 'call' AND w.call_attempts > 0 AND w.last_contact_at IS NOT NULL THEN jsonb_build_object(
                'attempts', w.call_attempts,
                'part', CASE WHEN contact.hour < 12 THEN 'morning' WHEN contact.hour < 17 THEN 'afternoon'
                    ELSE 'evening' END)
            ELSE '{}' END AS new_detail
    FROM wished w
    LEFT JOIN calendar s ON w.kind = 'sms' AND s.day = (w.wished_at AT TIME ZONE 'Europe/Copenhagen')::date
    LEFT JOIN LATERAL (
        SELECT extract(hour FROM w.wished_at AT TIME ZONE 'Europe/Copenhagen')::int AS hour
    ) local ON true
    LEFT JOIN LATERAL (
        SELECT extract(hour FROM w.last_contact_at AT TIME ZONE 'Europe/Copenhagen')::int AS hour
    ) contact ON true
    OFFSET 0
),
beside AS (
    SELECT d.*, min(d.new_at) FILTER (WHERE d.new_kind = 'call' AND d.closed IS NULL) OVER (PARTITION BY d.citizen_id)
        AS call_at
    FROM decided d
),
joining AS (
    -- C8, K9: one contact. An SMS gives way to a call of another programme that comes soon anyway.
    SELECT b.*, b.new_kind = 'sms' AND b.closed IS NULL AND b.call_at <= b.new_at + interval '7 days' AS joins
    FROM beside b
    OFFSET 0
),
final AS MATERIALIZED (
    SELECT id, row_version, closed, new_kind, new_at, new_reason, new_detail,
        closed IS NULL AND (next_step_kind, next_step_at, next_step_reason, next_step_detail)
            IS DISTINCT FROM (new_kind::varchar, new_at, new_reason::varchar, new_detail) AS differs
    FROM (
        SELECT j.id, j.row_version, j.closed, j.next_step_kind, j.next_step_at, j.next_step_reason, j.next_step_detail,
            CASE WHEN j.joins THEN 'call' ELSE j.new_kind END AS new_kind,
            CASE WHEN j.joins THEN j.call_at ELSE j.new_at END AS new_at,
            CASE WHEN j.joins THEN 'joins_call' ELSE j.new_reason END AS new_reason,
            CASE WHEN j.joins THEN '{}' ELSE j.new_detail END AS new_detail
        FROM joining j
        OFFSET 0
    ) steps
),
moved AS (
    UPDATE registry_followup f
    SET next_step_kind = n.new_kind, next_step_at = n.new_at, next_step_reason = n.new_reason,
        next_step_detail = n.new_detail, updated_at = %(now)s
    FROM final n
    -- A row that somebody answered meanwhile has another version: their step stands.
    WHERE f.id = n.id AND f.xmin = n.row_version AND n.differs
    RETURNING f.id
),
ended AS (
    UPDATE registry_followup f
    SET status = 'closed', closed_reason = n.closed, closed_at = %(now)s, next_step_kind = '', next_step_at = NULL,
        next_step_reason = '', next_step_detail = '{}', updated_at = %(now)s
    FROM final n
    WHERE f.id = n.id AND f.xmin = n.row_version AND n.closed IS NOT NULL
    RETURNING f.id, f.municipality_id, f.last_list_id, f.weeks_on_list, n.closed
),
history AS (
    INSERT INTO registry_followupchange
        (municipality_id, follow_up_id, kind, at, by_name, nonresponder_list_id, week, reason, before)
    SELECT municipality_id, id, 'closed', %(now)s, %(by_name)s, last_list_id, weeks_on_list, closed, '{}'
    FROM ended
)
SELECT (SELECT count(*) FROM final), (SELECT count(*) FROM moved), (SELECT count(*) FROM ended)
