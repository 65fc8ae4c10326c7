-- What is known of citizens for whom a commit is about to make their only open follow-up: nothing was tried yet, so all
-- that tells them apart is four truths, and the rule is worked out once for each combination of these.
fresh AS MATERIALIZED (
    SELECT c.citizen_id, facts.child, facts.opted_out,
        CASE WHEN facts.child THEN r.custody_holder OR p.from_relative
            ELSE p.known OR r.known END AS reachable,
        p.may_get_sms AND facts.named AND NOT facts.child AS can_sms
    FROM committing c
    JOIN registry_citizen z ON z.id = c.citizen_id
    -- A look-up for each citizen, in their order: as a whole, the phones of a large municipality lie scattered on the
    -- disk in the order of their indexes, and 3,000 people took 7 s.
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS known, coalesce(bool_or(p.source = 'relative'), false) AS from_relative,
            coalesce(bool_or(p.kind = 'mobile' AND stop.id IS NULL), false) AS may_get_sms,
            coalesce(bool_or(p.kind = 'mobile' AND stop.id IS NOT NULL), false) AS opted_out
        FROM registry_phone p
        LEFT JOIN campaigns_optout stop
            ON stop.municipality_id = p.municipality_id AND stop.number_index = p.number_index
        WHERE p.citizen_id = c.citizen_id AND p.wrong_since IS NULL
    ) p
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS known, coalesce(bool_or(kind = 'custody_holder'), false) AS custody_holder
        FROM registry_relative
        WHERE citizen_id = c.citizen_id AND phone_index IS NOT NULL
    ) r
    CROSS JOIN LATERAL (
        SELECT z.name ~ '\w' AS named, p.opted_out,
            coalesce(z.birth_date > (%(today)s::date - interval '18 years')::date, false) AS child
    ) facts
    WHERE c.act = 'open' AND z.municipality_id = %(municipality)s
        -- The planner itself ends the follow-ups of these, and sees several programmes and tried look-ups together.
        AND z.do_not_contact_since IS NULL AND z.status <> ALL (%(ended)s) AND z.status <> 'outside'
        AND NOT EXISTS (
            SELECT FROM registry_followup f
            WHERE f.citizen_id = c.citizen_id AND f.status = 'open' AND f.programme_id <> %(programme)s
                AND f.municipality_id = %(municipality)s
        )
        AND NOT EXISTS (
            SELECT FROM campaigns_contactattempt a
            WHERE a.citizen_id = c.citizen_id AND a.kind = 'lookup'
                AND (a.at > %(looked_up_since)s OR a.lookup_result = 'not_wanted')
        )
),
own_policy AS (
    SELECT id, quiet_gap_hours FROM policies
    WHERE programme_id = %(programme)s AND (municipality_id IS NULL OR municipality_id = %(municipality)s)
    ORDER BY municipality_id NULLS LAST LIMIT 1
),
judged AS (
    SELECT NULL::bigint AS id, NULL::xid AS row_version, NULL::bigint AS citizen_id,
        %(municipality)s::int AS municipality_id, k.child, k.opted_out, k.reachable,
        k.can_sms, own_policy.id AS policy_id, coalesce(own_policy.quiet_gap_hours, 24) AS quiet_gap_hours,
        false AS contacted, false AS lookup_failed, NULL::text AS closes, %(now)s::timestamptz AS opened_at,
        %(now)s::timestamptz AS base, NULL::timestamptz AS last_contact_at, %(answer_due)s::date AS answer_due,
        0 AS sms_sent, 0 AS call_attempts, 0 AS letters_sent, 'wait'::varchar AS next_step_kind,
        %(now)s::timestamptz AS next_step_at, 'to_be_planned'::varchar AS next_step_reason,
        '{}'::jsonb AS next_step_detail, coalesce(summary.has_sms, false) AS has_sms,
        coalesce(summary.call_hour, 10) AS call_hour,
        summary.most_sms, summary.most_calls, summary.most_letters
    FROM (SELECT DISTINCT child, opted_out, reachable, can_sms FROM fresh) k
    LEFT JOIN own_policy ON true
    LEFT JOIN policy_summary summary ON summary.policy_id = own_policy.id
    OFFSET 0
),
