-- Several programmes of one citizen are seen together; what differs is written.
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
