-- L2: the numbers of an ordered list may be used for its purpose and in its time only. Once the order has ended, whom
-- nothing else names is not contacted any more; who has given an answer is helped to the end, as when a selection ends.
WITH named AS (
    SELECT DISTINCT r.citizen_id
    FROM registry_listrow AS r
    INNER JOIN registry_nonresponderlist AS l ON l.id = r.nonresponder_list_id
    WHERE
        l.municipality_id = %(municipality)s
        AND l.order_id = %(order)s
        AND l.state = 'committed'
        AND r.row_class IN ('new', 'waiting', 'other_number')
),

closing AS (
    UPDATE registry_followup AS f
    SET
        status = 'closed',
        closed_reason = %(reason)s,
        closed_at = %(now)s,
        next_step_kind = '',
        next_step_at = NULL,
        next_step_reason = '',
        next_step_detail = '{}',
        updated_at = %(now)s
    FROM named AS n
    WHERE
        f.citizen_id = n.citizen_id
        AND f.municipality_id = %(municipality)s
        AND f.programme_id = %(programme)s
        AND f.status = 'open'
        AND f.outcome IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number')
        -- A list still in use names them too: the newest standing one that covers their group, or one of another
        -- order in force.
        AND NOT EXISTS (
            SELECT 1
            FROM registry_listrow AS still
            INNER JOIN registry_nonresponderlist AS l ON l.id = still.nonresponder_list_id
            LEFT JOIN registry_listorder AS o ON o.id = l.order_id
            WHERE
                still.citizen_id = f.citizen_id
                AND still.row_class IN ('new', 'waiting', 'other_number')
                AND l.municipality_id = f.municipality_id
                AND l.programme_id = f.programme_id
                AND l.state = 'committed'
                AND (
                    (
                        -- Whoever has no group is covered by the list that names them.
                        l.order_id IS NULL
                        AND (l.groups_covered = '{}' OR f.target_group = '' OR f.target_group = ANY(l.groups_covered))
                    )
                    OR (
                        o.id <> %(order)s
                        AND o.state = 'approved'
                        AND %(today)s BETWEEN o.approved_on AND o.expires_on
                    )
                )
                AND NOT EXISTS (
                    SELECT 1
                    FROM registry_nonresponderlist AS newer
                    WHERE
                        newer.municipality_id = l.municipality_id
                        AND newer.programme_id = l.programme_id
                        AND newer.state = 'committed'
                        AND newer.order_id IS NOT DISTINCT FROM l.order_id
                        AND (newer.as_of, newer.id) > (l.as_of, l.id)
                        AND (newer.groups_covered = '{}' OR f.target_group = ANY(newer.groups_covered))
                )
        )
        AND NOT EXISTS (
            SELECT 1 FROM registry_selection AS s WHERE s.id = f.selection_id AND s.state = 'started'
        )
        -- They asked for help themselves (L9), or somebody opened the case again by hand.
        AND NOT EXISTS (
            SELECT 1 FROM registry_case AS c WHERE c.follow_up_id = f.id AND c.created_at >= f.opened_at
        )
        AND NOT EXISTS (
            SELECT 1
            FROM registry_followupchange AS h
            WHERE
                h.follow_up_id = f.id
                AND h.kind = 'reopened'
                AND h.at = f.opened_at
                AND h.nonresponder_list_id IS NULL
        )
    RETURNING f.id, f.weeks_on_list, f.citizen_id
),

written AS (
    INSERT INTO registry_followupchange (municipality_id, follow_up_id, kind, at, by_name, week, reason, before)
    SELECT %(municipality)s, id, 'closed', %(now)s, %(by)s, weeks_on_list, %(reason)s, '{}' FROM closing
)

SELECT citizen_id FROM closing ORDER BY citizen_id
