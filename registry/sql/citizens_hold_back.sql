-- NULL keeps what is known: the person's own words stay until somebody chooses.
UPDATE incoming_citizens AS i
SET
    name = CASE WHEN 'name' = ANY(h.fields) THEN NULL ELSE i.name END,
    sort_name = CASE WHEN 'name' = ANY(h.fields) THEN NULL ELSE i.sort_name END,
    search_name = CASE WHEN 'name' = ANY(h.fields) THEN NULL ELSE i.search_name END,
    address = CASE WHEN 'address' = ANY(h.fields) THEN NULL ELSE i.address END,
    postal_code = CASE WHEN 'address' = ANY(h.fields) THEN NULL ELSE i.postal_code END,
    city = CASE WHEN 'address' = ANY(h.fields) THEN NULL ELSE i.city END,
    household_key = CASE WHEN 'address' = ANY(h.fields) THEN NULL ELSE i.household_key END,
    parish_id = CASE WHEN 'address' = ANY(h.fields) THEN NULL ELSE i.parish_id END,
    email = CASE WHEN 'email' = ANY(h.fields) THEN NULL ELSE i.email END,
    language = CASE WHEN 'language' = ANY(h.fields) THEN NULL ELSE i.language END,
    needs_interpreter = CASE WHEN 'needs_interpreter' = ANY(h.fields) THEN NULL ELSE i.needs_interpreter END,
    care_home = CASE WHEN 'care_home' = ANY(h.fields) THEN NULL ELSE i.care_home END,
    personal_care = CASE WHEN 'personal_care' = ANY(h.fields) THEN NULL ELSE i.personal_care END,
    practical_help = CASE WHEN 'practical_help' = ANY(h.fields) THEN NULL ELSE i.practical_help END,
    home_nursing = CASE WHEN 'home_nursing' = ANY(h.fields) THEN NULL ELSE i.home_nursing END,
    digital_post_exempt = CASE WHEN 'digital_post_exempt' = ANY(h.fields) THEN NULL ELSE i.digital_post_exempt END,
    protected = CASE WHEN 'protection' = ANY(h.fields) THEN NULL ELSE i.protected END,
    guardian_name = CASE WHEN 'guardian' = ANY(h.fields) THEN NULL ELSE i.guardian_name END,
    relative_name = CASE WHEN 'relative' = ANY(h.fields) THEN NULL ELSE i.relative_name END
FROM (
    SELECT row_number, array_agg(field::text) AS fields FROM held_fields WHERE differs GROUP BY row_number
) AS h
WHERE i.row_number = h.row_number
