-- Own follow-up of one municipality in one programme, by parish × institution × target group.
-- Version 1. Parameters: municipality, programme, newest_list (may be null), classes (of rows that are on the
-- list), reached, booked (outcome codes), now. Reads personal tables, so it runs inside the municipality's context; writes counts only.
WITH listed AS (
    -- Citizens on the newest committed standing list, once each; "gone" rows are those it no longer has.
    SELECT row.citizen_id, bool_or(row.row_class <> 'gone') AS on_list
    FROM registry_listrow AS row
    WHERE row.nonresponder_list_id = %(newest_list)s
      AND row.citizen_id IS NOT NULL
      AND (row.row_class = ANY(%(classes)s) OR row.row_class = 'gone')
    GROUP BY row.citizen_id
)
INSERT INTO reports_followupsummary (
    municipality_id, programme_id, parish_id, institution_id, target_group,
    on_newest_list, open, contacted, answered, declined, undecided, booked, gone, computed_at
)
SELECT
    follow_up.municipality_id,
    follow_up.programme_id,
    citizen.parish_id,
    citizen.institution_id,
    follow_up.target_group,
    -- on_newest_list: named by the newest committed standing list
    count(*) FILTER (WHERE listed.on_list),
    -- open: has a next step, on the newest list or not
    count(*) FILTER (WHERE follow_up.status = 'open'),
    -- contacted: on the list, and somebody tried at least once, or an answer is known from before
    count(*) FILTER (WHERE listed.on_list
                     AND (follow_up.first_contact_at IS NOT NULL OR follow_up.outcome = ANY(%(reached)s))),
    -- answered: on the list, and the last outcome is an answer, not a missed call
    count(*) FILTER (WHERE listed.on_list AND follow_up.outcome = ANY(%(reached)s)),
    -- declined, undecided, booked: of those who answered
    count(*) FILTER (WHERE listed.on_list AND follow_up.outcome = 'declined'),
    count(*) FILTER (WHERE listed.on_list AND follow_up.outcome = 'undecided'),
    count(*) FILTER (WHERE listed.on_list AND follow_up.outcome = ANY(%(booked)s)),
    -- gone: on the list before the newest, not on it now (which is not the same as vaccinated, L7)
    count(*) FILTER (WHERE NOT listed.on_list),
    %(now)s
FROM registry_followup AS follow_up
JOIN registry_citizen AS citizen ON citizen.id = follow_up.citizen_id
LEFT JOIN listed ON listed.citizen_id = follow_up.citizen_id
WHERE follow_up.municipality_id = %(municipality)s
  AND citizen.municipality_id = %(municipality)s
  AND follow_up.programme_id = %(programme)s
GROUP BY follow_up.municipality_id, follow_up.programme_id, citizen.parish_id, citizen.institution_id,
         follow_up.target_group
