-- Known citizens in which something differs; the others are not written at all.
UPDATE registry_citizen AS c
SET
    name = coalesce(i.name, c.name),
    sort_name = coalesce(i.sort_name, c.sort_name),
    search_name = coalesce(i.search_name, c.search_name),
    birth_date = coalesce(i.birth_date, c.birth_date),
    address = coalesce(i.address, c.address),
    postal_code = coalesce(i.postal_code, c.postal_code),
    city = coalesce(i.city, c.city),
    -- A care home is one address and many households (C6).
    household_key = CASE WHEN coalesce(i.care_home, c.care_home) THEN '' ELSE coalesce(i.household_key, c.household_key) END,
    email = coalesce(i.email, c.email),
    language = coalesce(i.language, c.language),
    needs_interpreter = coalesce(i.needs_interpreter, c.needs_interpreter),
    care_home = coalesce(i.care_home, c.care_home),
    personal_care = coalesce(i.personal_care, c.personal_care),
    practical_help = coalesce(i.practical_help, c.practical_help),
    home_nursing = coalesce(i.home_nursing, c.home_nursing),
    digital_post_exempt = coalesce(i.digital_post_exempt, c.digital_post_exempt),
    protected = coalesce(i.protected, c.protected),
    status = coalesce(i.status, c.status),
    -- 0 clears the parish; no end date beside a protection means that it has none.
    parish_id = nullif(coalesce(i.parish_id, c.parish_id), 0),
    protected_until = CASE WHEN i.protected IS NULL THEN c.protected_until ELSE i.protected_until END,
    updated_at = %(now)s
FROM incoming_citizens AS i
WHERE
    c.municipality_id = %(municipality)s
    AND c.cpr_index = i.cpr_index
    AND ROW(
        c.name,
        c.birth_date,
        c.address,
        c.postal_code,
        c.city,
        c.household_key,
        c.email,
        c.language,
        c.needs_interpreter,
        c.care_home,
        c.personal_care,
        c.practical_help,
        c.home_nursing,
        c.digital_post_exempt,
        c.protected,
        c.status,
        c.parish_id,
        c.protected_until
    ) IS DISTINCT FROM ROW(
        coalesce(i.name, c.name),
        coalesce(i.birth_date, c.birth_date),
        coalesce(i.address, c.address),
        coalesce(i.postal_code, c.postal_code),
        coalesce(i.city, c.city),
        CASE WHEN coalesce(i.care_home, c.care_home) THEN '' ELSE coalesce(i.household_key, c.household_key) END,
        coalesce(i.email, c.email),
        coalesce(i.language, c.language),
        coalesce(i.needs_interpreter, c.needs_interpreter),
        coalesce(i.care_home, c.care_home),
        coalesce(i.personal_care, c.personal_care),
        coalesce(i.practical_help, c.practical_help),
        coalesce(i.home_nursing, c.home_nursing),
        coalesce(i.digital_post_exempt, c.digital_post_exempt),
        coalesce(i.protected, c.protected),
        coalesce(i.status, c.status),
        nullif(coalesce(i.parish_id, c.parish_id), 0),
        CASE WHEN i.protected IS NULL THEN c.protected_until ELSE i.protected_until END
    )
