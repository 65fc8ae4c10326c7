-- What differs is written; what has ended is closed. An unchanged run writes nothing, and keeps nothing in between.
, final AS MATERIALIZED (
    SELECT id, row_version, closed, new_kind, new_at, new_reason, new_detail, differs
    FROM stepped WHERE differs OR closed IS NOT NULL
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
SELECT (
    SELECT count(*) FROM registry_followup f
    WHERE f.status = 'open'
        AND (%(citizens)s::bigint[] IS NULL OR f.citizen_id = ANY (%(citizens)s::bigint[]))
        AND (%(list)s::bigint IS NULL OR f.citizen_id IN (
            SELECT citizen_id FROM registry_followup
            WHERE last_list_id = %(list)s AND (opened_at <> %(now)s OR next_step_reason = 'to_be_planned')
        ))
), (SELECT count(*) FROM moved), (SELECT count(*) FROM ended)
