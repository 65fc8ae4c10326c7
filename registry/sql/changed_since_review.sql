-- L5: rows whose citizen or follow-up is no longer what the review showed go to a second review, each with what
-- changed. What is proposed for them then is what their list says, unless the citizen may not be followed up any more.
WITH facing AS (
    SELECT r.*
    FROM registry_listrow AS r
    WHERE
        r.nonresponder_list_id = %(list)s
        AND (
            r.row_class IN ('new', 'waiting', 'other_number', 'gone')
            OR (r.row_class IN ('needs_decision', 'moved') AND r.decision = 'import')
        )
),

known AS (
    -- Made by hand or by a citizen file since: nobody knew the number when the list was matched.
    SELECT
        r.id AS row_id,
        coalesce(own.id, previous.citizen_id) AS citizen_id
    FROM facing AS r
    LEFT JOIN registry_citizen AS own ON own.municipality_id = %(municipality)s AND own.cpr_index = r.cpr_index
    LEFT JOIN registry_previousnumber AS previous
        ON previous.municipality_id = %(municipality)s AND previous.cpr_index = r.cpr_index AND own.id IS NULL
    WHERE r.citizen_id IS NULL AND r.cpr_index IS NOT NULL AND coalesce(own.id, previous.citizen_id) IS NOT NULL
),

present AS (
    SELECT
        r.id AS row_id,
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
    LEFT JOIN known ON known.row_id = r.id
    INNER JOIN registry_citizen AS c ON c.id = coalesce(r.citizen_id, known.citizen_id)
    LEFT JOIN registry_followup AS f ON f.citizen_id = c.id AND f.programme_id = %(programme)s
),

named AS (
    SELECT
        present.*,
        CASE
            -- Whoever is gone is closed whatever was changed, unless they have answered since.
            WHEN row_class = 'gone' THEN CASE WHEN answered AND follow_up_status = 'open' THEN 'answered_since' END
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
),

changed AS (
    UPDATE registry_listrow AS r
    SET
        citizen_id = named.citizen_id,
        row_class = CASE WHEN r.row_class = 'gone' THEN 'gone' ELSE 'needs_decision' END,
        problem_code = CASE WHEN r.row_class = 'gone' THEN '' ELSE named.code END,
        problem_column = CASE WHEN r.row_class = 'gone' THEN '' ELSE 'cpr' END,
        warning_code = CASE WHEN r.row_class = 'gone' THEN named.code ELSE r.warning_code END,
        decision
        = CASE
            WHEN r.row_class = 'gone' THEN ''
            WHEN named.code IN ('ended_since', 'moved_since') THEN 'skip'
            ELSE 'import'
        END,
        decided_by_name = '',
        earlier_outcome = coalesce(named.outcome, ''),
        earlier_outcome_at = named.outcome_at,
        reviewed_state = named.state
    FROM named
    WHERE r.id = named.row_id AND named.code IS NOT NULL
    RETURNING named.code
)

SELECT
    code,
    count(*)
FROM changed
GROUP BY code
ORDER BY code
