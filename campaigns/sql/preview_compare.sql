-- Both sides of a preview in figures: one row of JSON.
WITH pair AS (
    SELECT b.id, b.citizen_id, b.mandatory AS was_mandatory, a.mandatory,
        CASE WHEN b.closed IS NULL THEN b.kind ELSE 'closed' END AS was_kind,
        CASE WHEN a.closed IS NULL THEN a.kind ELSE 'closed' END AS kind,
        b.at AS was_at, a.at, b.day AS was_day, a.day,
        b.deadline < %(today)s AS was_over, a.deadline < %(today)s AS over,
        b.uncontacted AND b.kind = ANY (%(contact_kinds)s) AND b.day > b.first_contact_due AS was_late,
        a.uncontacted AND a.kind = ANY (%(contact_kinds)s) AND a.day > a.first_contact_due AS late
    FROM preview_before b
    JOIN preview_after a USING (id)
),
calls AS (
    SELECT count(*) FILTER (WHERE side = 'before' AND day <= %(today)s) AS today_before,
        count(*) FILTER (WHERE side = 'after' AND day <= %(today)s) AS today_after,
        count(*) FILTER (WHERE side = 'before' AND day = %(tomorrow)s) AS tomorrow_before,
        count(*) FILTER (WHERE side = 'after' AND day = %(tomorrow)s) AS tomorrow_after,
        count(*) FILTER (WHERE side = 'before' AND day <= %(week_ends)s) AS week_before,
        count(*) FILTER (WHERE side = 'after' AND day <= %(week_ends)s) AS week_after
    FROM (
        -- K4: one call for a citizen, whatever the number of programmes.
        SELECT 'before' AS side, citizen_id, min(day) AS day FROM preview_before
        WHERE closed IS NULL AND kind = ANY (%(call_kinds)s) GROUP BY citizen_id
        UNION ALL
        SELECT 'after', citizen_id, min(day) FROM preview_after
        WHERE closed IS NULL AND kind = ANY (%(call_kinds)s) GROUP BY citizen_id
    ) each_citizen
)
SELECT jsonb_build_object(
    'open', (SELECT count(*) FROM pair),
    'another_kind', (SELECT count(*) FROM pair WHERE was_kind <> kind),
    'another_date', (SELECT count(*) FROM pair WHERE was_kind = kind AND kind <> 'closed' AND was_at <> at),
    'kinds', (SELECT coalesce(jsonb_agg(jsonb_build_array(was_kind, kind, number) ORDER BY number DESC), '[]')
        FROM (SELECT was_kind, kind, count(*) AS number FROM pair GROUP BY was_kind, kind) k),
    'calls', (SELECT to_jsonb(calls) FROM calls),
    'deadlines', (
        SELECT jsonb_build_object(
            'over_mandatory_before', count(*) FILTER (WHERE was_over AND was_mandatory),
            'over_mandatory_after', count(*) FILTER (WHERE over AND mandatory),
            'over_voluntary_before', count(*) FILTER (WHERE was_over AND NOT was_mandatory),
            'over_voluntary_after', count(*) FILTER (WHERE over AND NOT mandatory),
            'late_mandatory_before', count(*) FILTER (WHERE was_late AND was_mandatory),
            'late_mandatory_after', count(*) FILTER (WHERE late AND mandatory),
            'late_voluntary_before', count(*) FILTER (WHERE was_late AND NOT was_mandatory),
            'late_voluntary_after', count(*) FILTER (WHERE late AND NOT mandatory))
        FROM pair),
    'duty_gained', (SELECT count(*) FROM pair WHERE mandatory AND NOT was_mandatory),
    'duty_lost', (SELECT count(*) FROM pair WHERE was_mandatory AND NOT mandatory)
)
