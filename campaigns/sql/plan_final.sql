-- Several programmes of one citizen are seen together (C8); `stepped` holds every follow-up's new step.
-- Where all are of one programme, nobody is sorted by citizen (a tenth of an unchanged run).
beside AS (
    SELECT d.*, CASE WHEN %(several_programmes)s THEN
            min(d.new_at) FILTER (WHERE d.new_kind = 'call' AND d.closed IS NULL) OVER (PARTITION BY d.citizen_id)
        END AS call_at
    FROM decided d
),
joining AS (
    -- C8, K9: one contact. An SMS gives way to a call of another programme that comes soon anyway.
    SELECT b.*, b.new_kind = 'sms' AND b.closed IS NULL AND b.call_at <= b.new_at + interval '7 days' AS joins
    FROM beside b
    OFFSET 0
),
stepped AS (
    SELECT id, row_version, citizen_id, closed, new_kind, new_at, new_reason, new_detail,
        closed IS NULL AND (next_step_kind, next_step_at, next_step_reason, next_step_detail)
            IS DISTINCT FROM (new_kind::varchar, new_at, new_reason::varchar, new_detail) AS differs
    FROM (
        SELECT j.id, j.row_version, j.citizen_id, j.closed, j.next_step_kind, j.next_step_at, j.next_step_reason,
            j.next_step_detail,
            CASE WHEN j.joins THEN 'call' ELSE j.new_kind END AS new_kind,
            CASE WHEN j.joins THEN j.call_at ELSE j.new_at END AS new_at,
            CASE WHEN j.joins THEN 'joins_call' ELSE j.new_reason END AS new_reason,
            CASE WHEN j.joins THEN '{}' ELSE j.new_detail END AS new_detail
        FROM joining j
        OFFSET 0
    ) steps
)
