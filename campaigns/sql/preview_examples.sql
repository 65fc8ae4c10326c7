-- A few of those whose step changes: another kind before another date, the duty's own first.
SELECT b.id, b.citizen_id, b.closed, b.kind, b.at, b.reason, b.detail, a.closed, a.kind, a.at, a.reason, a.detail
FROM preview_before b
JOIN preview_after a USING (id)
WHERE (b.closed, b.kind, b.at) IS DISTINCT FROM (a.closed, a.kind, a.at) AND NOT (b.closed IS NOT NULL AND a.closed IS NOT NULL)
ORDER BY a.kind = b.kind, a.mandatory DESC, a.at, b.id
LIMIT %(examples)s
