-- Match the rows of a file of earlier contacts with the registry, and say what is wrong with them (L8, C6).
-- May run again after words were mapped: what a run before found is forgotten first. Cells that could not be read stay.
UPDATE campaigns_earliercontactrow AS r
SET citizen_id = NULL, problem_code = '', problem_column = ''
WHERE r.file_id = %(file)s AND r.problem_code = ANY(%(derived)s);

UPDATE campaigns_earliercontactrow AS r
SET citizen_id = coalesce(held.id, own.id)
FROM campaigns_earliercontactrow AS self
LEFT JOIN registry_citizen AS own ON own.municipality_id = %(municipality)s AND own.cpr_index = self.cpr_index
LEFT JOIN registry_previousnumber AS previous
    ON
        previous.municipality_id = %(municipality)s
        AND previous.cpr_index = self.cpr_index
        AND (own.id IS NULL OR own.status = 'replaced')
LEFT JOIN registry_citizen AS held ON held.id = previous.citizen_id
WHERE self.id = r.id AND r.file_id = %(file)s AND r.problem_code = '' AND self.cpr_index IS NOT NULL;

-- Without a CPR number the phone may speak, if it is one citizen's own.
UPDATE campaigns_earliercontactrow AS r
SET
    citizen_id = CASE WHEN held.citizens = 1 THEN held.citizen_id END,
    problem_code = CASE WHEN held.citizens > 1 THEN 'phone_ambiguous' ELSE '' END,
    problem_column = CASE WHEN held.citizens > 1 THEN 'phone' ELSE '' END
FROM (
    SELECT p.number_index, min(p.citizen_id) AS citizen_id, count(DISTINCT p.citizen_id) AS citizens
    FROM registry_phone AS p
    INNER JOIN campaigns_earliercontactrow AS wanted
        ON wanted.phone_index = p.number_index AND wanted.file_id = %(file)s
    WHERE p.municipality_id = %(municipality)s
    GROUP BY p.number_index
) AS held
WHERE r.file_id = %(file)s AND r.problem_code = '' AND r.cpr_index IS NULL AND r.phone_index = held.number_index;

UPDATE campaigns_earliercontactrow AS r
SET problem_code = 'citizen_unknown', problem_column = CASE WHEN r.cpr_index IS NULL THEN 'phone' ELSE 'cpr' END
WHERE r.file_id = %(file)s AND r.problem_code = '' AND r.citizen_id IS NULL;

UPDATE campaigns_earliercontactrow AS r
SET problem_code = 'date_before_birth', problem_column = 'contacted_on'
FROM registry_citizen AS c
WHERE r.file_id = %(file)s AND r.problem_code = '' AND c.id = r.citizen_id AND r.contacted_on < c.birth_date;

UPDATE campaigns_earliercontactrow AS r
SET problem_code = CASE WHEN r.word = ANY(%(left_out)s) THEN 'answer_left_out' ELSE 'answer_unknown' END,
    problem_column = 'answer'
WHERE r.file_id = %(file)s AND r.problem_code = '' AND r.outcome = '';

UPDATE campaigns_earliercontactrow AS r
SET problem_code = 'contact_repeated', problem_column = ''
FROM (
    SELECT
        id,
        row_number() OVER (PARTITION BY citizen_id, programme_id, contacted_on, outcome, kind ORDER BY row_number)
            AS place
    FROM campaigns_earliercontactrow
    WHERE file_id = %(file)s AND problem_code = ''
) AS repeated
WHERE repeated.id = r.id AND repeated.place > 1;

-- The same contact is known: from a file before, or because it was recorded here.
UPDATE campaigns_earliercontactrow AS r
SET problem_code = 'contact_known', problem_column = ''
FROM campaigns_contactattempt AS a
INNER JOIN campaigns_contactanswer AS answer ON answer.attempt_id = a.id
INNER JOIN registry_followup AS f ON f.id = answer.follow_up_id
WHERE
    r.file_id = %(file)s
    AND r.problem_code = ''
    AND a.citizen_id = r.citizen_id
    AND a.undone_at IS NULL
    AND a.earlier_contacts_id IS DISTINCT FROM r.file_id
    AND f.programme_id = r.programme_id
    AND answer.outcome = r.outcome
    AND (a.at AT TIME ZONE 'Europe/Copenhagen')::date = r.contacted_on
