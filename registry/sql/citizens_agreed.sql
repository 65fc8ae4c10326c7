-- The file says what the person said: nothing to ask, and nothing to remember any more.
WITH agreed AS (
    SELECT citizen_id, field FROM held_fields WHERE NOT differs
),

settled AS (
    UPDATE registry_citizendifference AS d
    SET state = 'same', decided_by_name = %(by)s, decided_at = %(now)s
    FROM agreed AS a
    WHERE d.citizen_id = a.citizen_id AND d.field = a.field AND d.state IN ('open', 'ours')
)

DELETE FROM registry_citizenedit AS e
USING agreed AS a
WHERE e.citizen_id = a.citizen_id AND e.field = a.field
