-- K1: the one next step with date and reason, or the end, of everything in `judged`.
-- The same rule as campaigns/next_steps, for a million rows; a test holds both equal on random data.
-- OFFSET 0 keeps a part whole: flattened into one, each expression would be computed dozens of times (20 times slower).
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
    LEFT JOIN policy_choices step ON k.closes IS NULL AND NOT k.keeps AND NOT k.checks
        AND step.policy_id = k.policy_id AND step.sent = least(k.sms_sent, k.most_sms)
        AND step.made = least(k.call_attempts, k.most_calls) AND step.letters = least(k.letters_sent, k.most_letters)
        AND step.can_sms = k.can_sms AND step.can_call = (k.reachable OR NOT k.lookup_failed)
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
        due.midnight + interval '8 hours' AS due_at
    FROM named n
    LEFT JOIN calendar b ON b.day = (n.slot_base AT TIME ZONE 'Europe/Copenhagen')::date
    LEFT JOIN working_days w ON w.number = b.number
        + CASE WHEN n.slot_days = 0 THEN (NOT b.working)::int ELSE n.slot_days END
    LEFT JOIN calendar d ON n.exhausted AND d.day = n.answer_due
    LEFT JOIN working_days due ON due.number = d.number + 1
    LEFT JOIN LATERAL (
        -- The clock changes on Sundays: on a working day every hour is as many hours after midnight.
        SELECT w.midnight + make_interval(hours => n.slot_hour) AS on_day,
            w.next_midnight + make_interval(hours => n.slot_hour) AS on_next
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
        w.next_step_detail, w.child, w.opted_out, w.reachable, w.can_sms,
        coalesce(w.closes, CASE WHEN w.kind = 'wait' AND w.wished_at <= %(now)s THEN 'attempts_documented' END)
            AS closed,
        CASE WHEN w.keeps THEN w.next_step_kind ELSE w.kind END AS new_kind,
        CASE WHEN w.keeps THEN w.next_step_at
            WHEN w.kind <> 'sms' THEN w.wished_at
            -- S4: in the municipality's window, by default 9 to 20 and never on Sundays and holidays.
            WHEN w.wished_at < s.opens_at THEN s.next_opening
            WHEN s.is_open AND w.wished_at < s.closes_at THEN w.wished_at
            ELSE s.later_opening END AS new_at,
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
    LEFT JOIN sending_days s ON w.kind = 'sms' AND s.municipality_id = w.municipality_id
        AND s.day = (w.wished_at AT TIME ZONE 'Europe/Copenhagen')::date
    LEFT JOIN LATERAL (
        SELECT extract(hour FROM w.last_contact_at AT TIME ZONE 'Europe/Copenhagen')::int AS hour
    ) contact ON true
    OFFSET 0
),
