-- Ask before overwrite: what the file says of fields that a person edited by hand. Few rows: edits, not citizens.
CREATE TEMPORARY TABLE held_fields ON COMMIT DROP AS
SELECT
    i.row_number,
    c.id AS citizen_id,
    e.field,
    v.theirs,
    v.differs
FROM registry_citizenedit AS e
INNER JOIN registry_citizen AS c ON c.id = e.citizen_id
INNER JOIN incoming_citizens AS i ON i.cpr_index = c.cpr_index
CROSS JOIN LATERAL (
    VALUES
    ('name', i.name IS NOT NULL, i.name <> c.name, jsonb_build_object('name', i.name)),
    (
        'address',
        i.address IS NOT NULL OR i.postal_code IS NOT NULL OR i.city IS NOT NULL OR i.parish_id IS NOT NULL,
        ROW(
            coalesce(i.address, c.address),
            coalesce(i.postal_code, c.postal_code),
            coalesce(i.city, c.city),
            nullif(coalesce(i.parish_id, c.parish_id), 0)
        ) IS DISTINCT FROM ROW(c.address, c.postal_code, c.city, c.parish_id),
        jsonb_build_object(
            'address', coalesce(i.address, c.address),
            'postal_code', coalesce(i.postal_code, c.postal_code),
            'city', coalesce(i.city, c.city),
            'parish_id', nullif(coalesce(i.parish_id, c.parish_id), 0)
        )
    ),
    ('email', i.email IS NOT NULL, i.email <> c.email, jsonb_build_object('email', i.email)),
    ('language', i.language IS NOT NULL, i.language <> c.language, jsonb_build_object('language', i.language)),
    (
        'needs_interpreter',
        i.needs_interpreter IS NOT NULL,
        i.needs_interpreter <> c.needs_interpreter,
        jsonb_build_object('needs_interpreter', i.needs_interpreter)
    ),
    (
        'care_home',
        i.care_home IS NOT NULL,
        i.care_home <> c.care_home,
        jsonb_build_object('care_home', i.care_home)
    ),
    (
        'personal_care',
        i.personal_care IS NOT NULL,
        i.personal_care <> c.personal_care,
        jsonb_build_object('personal_care', i.personal_care)
    ),
    (
        'practical_help',
        i.practical_help IS NOT NULL,
        i.practical_help <> c.practical_help,
        jsonb_build_object('practical_help', i.practical_help)
    ),
    (
        'home_nursing',
        i.home_nursing IS NOT NULL,
        i.home_nursing <> c.home_nursing,
        jsonb_build_object('home_nursing', i.home_nursing)
    ),
    (
        'digital_post_exempt',
        i.digital_post_exempt IS NOT NULL,
        i.digital_post_exempt <> c.digital_post_exempt,
        jsonb_build_object('digital_post_exempt', i.digital_post_exempt)
    ),
    (
        -- C5: a protection that is new is never held back; asking would leave an address uncovered meanwhile.
        'protection',
        i.protected IS NOT NULL,
        (c.protected OR NOT i.protected)
        AND ROW(i.protected, i.protected_until) IS DISTINCT FROM ROW(c.protected, c.protected_until),
        jsonb_build_object('protected', i.protected, 'protected_until', i.protected_until)
    ),
    (
        'guardian',
        i.guardian_name <> '',
        NOT EXISTS (
            SELECT 1 FROM registry_relative AS r
            WHERE
                r.citizen_id = c.id
                AND r.kind = 'guardian'
                AND r.name = i.guardian_name
                AND (i.guardian_index IS NULL OR r.phone_index = i.guardian_index)
        ),
        jsonb_build_object(
            'name', i.guardian_name,
            'phone_ciphertext', encode(i.guardian_ciphertext, 'hex'),
            'phone_index', encode(i.guardian_index, 'hex')
        )
    ),
    (
        'relative',
        i.relative_name <> '',
        NOT EXISTS (
            SELECT 1 FROM registry_relative AS r
            WHERE
                r.citizen_id = c.id
                AND r.kind = 'relative'
                AND r.name = i.relative_name
                AND (i.relative_index IS NULL OR r.phone_index = i.relative_index)
        ),
        jsonb_build_object(
            'name', i.relative_name,
            'phone_ciphertext', encode(i.relative_ciphertext, 'hex'),
            'phone_index', encode(i.relative_index, 'hex')
        )
    )
) AS v (field, given, differs, theirs)
WHERE e.municipality_id = %(municipality)s AND c.municipality_id = %(municipality)s AND v.field = e.field AND v.given
