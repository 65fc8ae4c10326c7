-- What is known of every open follow-up of the context, of some citizens, or of a list.
planned_citizens AS NOT MATERIALIZED (
    SELECT f.citizen_id
    FROM registry_followup f
    WHERE f.status = 'open'
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        -- All programmes of the citizens on the list: their steps depend on each other.
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup
            -- Those that commit made with their first step are as planned (plan_first_steps.sql).
            WHERE last_list_id = %(list)s AND (opened_at <> %(now)s OR next_step_reason = 'to_be_planned')
        ))
),
scope AS (
    SELECT f.xmin AS row_version, f.id, f.citizen_id, f.municipality_id, f.opened_at, f.last_contact_at, f.answer_due,
        f.sms_sent, f.call_attempts, f.letters_sent, f.next_step_kind, f.next_step_at, f.next_step_reason,
        f.next_step_detail, coalesce(own.id, common.id) AS policy_id,
        coalesce(own.quiet_gap_hours, common.quiet_gap_hours, 24) AS quiet_gap_hours,
        c.status AS citizen_status, c.do_not_contact_since,
        -- The first letter tells most of them without a search.
        ascii(c.name) BETWEEN 65 AND 90 OR c.name ~ '\w' AS named,
        coalesce(c.birth_date > (%(today)s::date - interval '18 years')::date, false) AS child,
        f.last_contact_at IS NOT NULL AND f.sms_sent + f.call_attempts + f.letters_sent > 0 AS contacted
    FROM registry_followup f
    JOIN registry_citizen c ON c.id = f.citizen_id
    LEFT JOIN policies own ON own.programme_id = f.programme_id AND own.municipality_id = f.municipality_id
    LEFT JOIN policies common ON common.programme_id = f.programme_id AND common.municipality_id IS NULL
    WHERE f.status = 'open'
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup
            -- Those that commit made with their first step are as planned (plan_first_steps.sql).
            WHERE last_list_id = %(list)s AND (opened_at <> %(now)s OR next_step_reason = 'to_be_planned')
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
    WHERE p.wrong_since IS NULL AND (%(everybody)s OR p.citizen_id IN (SELECT citizen_id FROM planned_citizens))
    GROUP BY p.citizen_id
),
people AS (
    SELECT citizen_id, bool_or(kind = 'custody_holder') AS custody_holder
    FROM registry_relative
    WHERE phone_index IS NOT NULL AND (%(everybody)s OR citizen_id IN (SELECT citizen_id FROM planned_citizens))
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
        coalesce(summary.call_hour, 10) AS call_hour,
        summary.most_sms, summary.most_calls, summary.most_letters
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
            WHERE a.citizen_id = f.citizen_id AND a.kind = 'lookup' AND a.undone_at IS NULL
                AND (a.at > %(looked_up_since)s OR a.lookup_result = 'not_wanted')
        ) AS lookup_failed,
        CASE WHEN f.do_not_contact_since IS NOT NULL THEN 'do_not_contact'
            WHEN f.citizen_status = ANY (%(ended)s) THEN 'status'
            WHEN f.citizen_status = 'outside' THEN 'moved' END AS closes
    FROM facts f
    OFFSET 0
),
