-- Citizens the municipality did not know.
INSERT INTO registry_citizen (
    municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name, birth_date, sex,
    parish_id, protected_until, address, postal_code, city, household_key, email, language, needs_interpreter,
    care_home, personal_care, practical_help, home_nursing, digital_post_exempt, protected, status, created_at,
    updated_at
)
SELECT
    %(municipality)s,
    i.cpr_ciphertext,
    i.cpr_index,
    i.cpr_kind,
    i.name,
    i.sort_name,
    i.search_name,
    i.birth_date,
    i.sex,
    nullif(i.parish_id, 0),
    i.protected_until,
    coalesce(i.address, ''),
    coalesce(i.postal_code, ''),
    coalesce(i.city, ''),
    CASE WHEN i.care_home THEN '' ELSE coalesce(i.household_key, '') END,
    coalesce(i.email, ''),
    coalesce(i.language, 'da'),
    coalesce(i.needs_interpreter, false),
    coalesce(i.care_home, false),
    coalesce(i.personal_care, false),
    coalesce(i.practical_help, false),
    coalesce(i.home_nursing, false),
    coalesce(i.digital_post_exempt, false),
    coalesce(i.protected, false),
    coalesce(i.status, 'active'),
    %(now)s,
    %(now)s
FROM incoming_citizens AS i
-- No name is one that is kept: of a citizen who is known.
WHERE i.name IS NOT NULL
ON CONFLICT (municipality_id, cpr_index) WHERE cpr_index IS NOT NULL DO NOTHING
