-- Match the rows of a file of earlier contacts with the registry, and say what is wrong with each (L8, C6).
-- An exact number wins; without one the phone may speak, if it is one citizen's own. What a run before found is found
-- anew, for words may have been explained since; what is wrong with a cell stays.
DROP TABLE IF EXISTS earlier_match;
CREATE TEMPORARY TABLE earlier_match ON COMMIT DROP AS
WITH cells AS MATERIALIZED (
    SELECT
        r.id, r.row_number, r.cpr_index, r.phone_index, r.birth_date, r.contacted_on, r.kind, r.word, r.outcome,
        r.barrier, r.programme_id, r.warning_code,
        CASE WHEN r.problem_code = ANY(%(derived)s) THEN '' ELSE r.problem_code END AS cell_code,
        r.problem_column
    FROM campaigns_earliercontactrow AS r
    WHERE r.file_id = %(file)s
),

phones AS (
    SELECT p.number_index, min(p.citizen_id) AS citizen_id, count(DISTINCT p.citizen_id) AS citizens
    FROM registry_phone AS p
    WHERE
        p.municipality_id = %(municipality)s
        AND p.number_index IN (SELECT phone_index FROM cells WHERE cpr_index IS NULL)
    GROUP BY p.number_index
),

people AS (
    SELECT
        cells.*,
        coalesce(phones.citizens, 0) AS owners,
        CASE WHEN phones.citizens = 1 THEN phones.citizen_id ELSE coalesce(held.id, own.id) END AS citizen_id
    FROM cells
    LEFT JOIN registry_citizen AS own ON own.municipality_id = %(municipality)s AND own.cpr_index = cells.cpr_index
    LEFT JOIN registry_previousnumber AS previous
        ON
            previous.municipality_id = %(municipality)s
            AND previous.cpr_index = cells.cpr_index
            AND (own.id IS NULL OR own.status = 'replaced')
    LEFT JOIN registry_citizen AS held ON held.id = previous.citizen_id
    LEFT JOIN phones ON cells.cpr_index IS NULL AND phones.number_index = cells.phone_index
),

told AS (
    SELECT
        people.*,
        CASE
            WHEN people.cell_code <> '' THEN people.cell_code
            -- C2: a number that lost its zero is a proposal until a person says so.
            WHEN people.warning_code <> '' AND NOT %(padded)s THEN 'leading_zero'
            WHEN people.owners > 1 THEN 'phone_ambiguous'
            WHEN people.contacted_on < coalesce(people.birth_date, c.birth_date) THEN 'date_before_birth'
            WHEN people.citizen_id IS NULL THEN 'citizen_unknown'
            WHEN people.outcome = '' AND people.word = ANY(%(left_out)s) THEN 'answer_left_out'
            WHEN people.outcome = '' THEN 'answer_unknown'
            ELSE ''
        END AS code
    FROM people
    LEFT JOIN registry_citizen AS c ON c.id = people.citizen_id
),

placed AS MATERIALIZED (
    SELECT
        told.*,
        row_number() OVER (
            PARTITION BY code, citizen_id, programme_id, contacted_on, outcome, kind ORDER BY row_number
        ) AS place
    FROM told
),

-- The same contact is known: from a file before, or because it was recorded here.
known AS (
    SELECT DISTINCT
        a.citizen_id, f.programme_id, answer.outcome, (a.at AT TIME ZONE 'Europe/Copenhagen')::date AS contacted_on
    FROM campaigns_contactattempt AS a
    INNER JOIN campaigns_contactanswer AS answer ON answer.attempt_id = a.id
    INNER JOIN registry_followup AS f ON f.id = answer.follow_up_id
    WHERE
        a.citizen_id IN (SELECT citizen_id FROM placed WHERE code = '')
        AND a.undone_at IS NULL
        AND a.earlier_contacts_id IS DISTINCT FROM %(file)s
),

judged AS (
    SELECT
        placed.*,
        CASE
            WHEN placed.code = '' AND placed.place > 1 THEN 'contact_repeated'
            WHEN placed.code = '' AND known.citizen_id IS NOT NULL THEN 'contact_known'
            ELSE placed.code
        END AS problem
    FROM placed
    LEFT JOIN known
        ON
            known.citizen_id = placed.citizen_id
            AND known.programme_id = placed.programme_id
            AND known.outcome = placed.outcome
            AND known.contacted_on = placed.contacted_on
)

SELECT
    id, row_number, citizen_id, programme_id, contacted_on, kind, outcome, barrier,
    problem::varchar AS problem_code,
    CASE
        WHEN cell_code <> '' THEN problem_column
        WHEN problem = 'leading_zero' THEN 'cpr'
        WHEN problem = 'phone_ambiguous' THEN 'phone'
        WHEN problem = 'date_before_birth' THEN 'contacted_on'
        WHEN problem = 'citizen_unknown' THEN CASE WHEN cpr_index IS NULL THEN 'phone' ELSE 'cpr' END
        WHEN problem IN ('answer_left_out', 'answer_unknown') THEN 'answer'
        ELSE ''
    END::varchar AS problem_column
FROM judged;
ANALYZE earlier_match
