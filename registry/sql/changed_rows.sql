-- L5: rows whose citizen or follow-up is no longer what the review showed, and what changed. Nothing is written to the
-- list here: on an ordinary day there are none.
CREATE TEMPORARY TABLE changed_rows ON COMMIT DROP AS
WITH known AS (
    -- Made by hand or by a citizen file since: nobody knew the number when the list was matched.
    SELECT
        r.row_id,
        coalesce(own.id, previous.citizen_id) AS citizen_id
    FROM reviewed_rows AS r
    LEFT JOIN registry_citizen AS own ON own.municipality_id = %(municipality)s AND own.cpr_index = r.cpr_index
    LEFT JOIN registry_previousnumber AS previous
        ON previous.municipality_id = %(municipality)s AND previous.cpr_index = r.cpr_index AND own.id IS NULL
    WHERE
        r.acted_on
        AND r.citizen_id IS NULL
        AND r.cpr_index IS NOT NULL
        AND coalesce(own.id, previous.citizen_id) IS NOT NULL
),

-- With the known in one column, that PostgreSQL may look citizens up by it.
facing AS (
    SELECT
        r.*,
        r.citizen_id AS named_id
    FROM reviewed_rows AS r
    WHERE r.citizen_id IS NOT NULL AND (r.acted_on OR r.row_class = 'gone')
    UNION ALL
    SELECT
        r.*,
        known.citizen_id AS named_id
    FROM reviewed_rows AS r
    INNER JOIN known ON known.row_id = r.row_id
),

present AS (
    SELECT
        r.row_id,
        r.row_class,
        c.id AS citizen_id,
        c.status AS citizen_status,
        r.reviewed_state,
        concat_ws(
            '|', c.status, c.protected, coalesce(r.cpr_index = c.cpr_index, r.row_class = 'gone'), f.status,
            f.closed_reason
        ) AS state,
        f.status AS follow_up_status,
        f.outcome,
        f.outcome_at,
        f.id IS NOT NULL
        AND f.outcome NOT IN ('', 'no_answer', 'voicemail', 'busy', 'wrong_number')
        AND (f.outcome <> r.earlier_outcome OR f.outcome_at IS DISTINCT FROM r.earlier_outcome_at) AS answered,
        r.citizen_id IS NULL AS was_unknown
    FROM facing AS r
    INNER JOIN registry_citizen AS c ON c.id = r.named_id
    LEFT JOIN registry_followup AS f ON f.citizen_id = r.named_id AND f.programme_id = %(programme)s
),

named AS (
    SELECT
        present.*,
        CASE
            -- Whoever is gone is closed whatever was changed, unless they have answered or were opened again since.
            WHEN row_class = 'gone' THEN CASE
                WHEN follow_up_status <> 'open' THEN NULL
                WHEN answered THEN 'answered_since'
                WHEN split_part(reviewed_state, '|', 4) = 'closed' THEN 'opened_since'
            END
            WHEN citizen_status <> split_part(reviewed_state, '|', 1)
                THEN CASE
                    WHEN citizen_status IN ('deceased', 'disappeared', 'cancelled', 'replaced') THEN 'ended_since'
                    WHEN citizen_status IN ('outside', 'emigrated') THEN 'moved_since'
                    WHEN was_unknown THEN 'known_since'
                    ELSE 'status_since'
                END
            WHEN split_part(state, '|', 3) <> split_part(reviewed_state, '|', 3) THEN 'number_since'
            WHEN split_part(state, '|', 2) <> split_part(reviewed_state, '|', 2) THEN 'protected_since'
            WHEN answered THEN 'answered_since'
            WHEN state = reviewed_state THEN NULL
            WHEN follow_up_status = 'closed' THEN 'closed_since'
            ELSE 'opened_since'
        END AS code
    FROM present
)

SELECT
    row_id,
    citizen_id,
    code,
    outcome,
    outcome_at,
    state
FROM named
WHERE code IS NOT NULL
