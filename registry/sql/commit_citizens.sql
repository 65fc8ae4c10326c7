-- L8b: a listed number that the registry does not know becomes a citizen; without a phone the planner looks one up.
INSERT INTO registry_citizen (
    municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name, birth_date, sex, address,
    postal_code, city, household_key, email, language, needs_interpreter, care_home, personal_care, practical_help,
    home_nursing, digital_post_exempt, protected, status, created_at, updated_at
)
SELECT
    %(municipality)s,
    r.cpr_ciphertext,
    r.cpr_index,
    r.cpr_kind,
    r.name,
    keys.sort_name,
    keys.search_name,
    r.birth_date,
    r.sex,
    '',
    '',
    '',
    '',
    '',
    'da',
    false,
    false,
    false,
    false,
    false,
    false,
    false,
    'active',
    %(now)s,
    %(now)s
FROM unknown_people AS r
INNER JOIN name_keys AS keys ON keys.row_id = r.row_id
ON CONFLICT (municipality_id, cpr_index) WHERE cpr_index IS NOT NULL DO NOTHING
