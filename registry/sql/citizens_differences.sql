-- A value that was answered with "ours" is not asked about again; another value is. A sealed phone is another text
-- each time it is sealed, so it is compared by its index.
INSERT INTO registry_citizendifference (
    municipality_id, citizen_id, field, theirs, citizen_import_id, found_at, state, decided_by_name
)
SELECT %(municipality)s, citizen_id, field, theirs, %(import)s, %(now)s, 'open', ''
FROM held_fields
WHERE differs
ON CONFLICT (citizen_id, field) DO UPDATE
SET
    theirs = excluded.theirs,
    citizen_import_id = excluded.citizen_import_id,
    found_at = excluded.found_at,
    state = 'open',
    decided_by_name = '',
    decided_at = NULL
WHERE
    registry_citizendifference.state IN ('same', 'theirs')
    OR registry_citizendifference.theirs - 'phone_ciphertext' <> excluded.theirs - 'phone_ciphertext'
