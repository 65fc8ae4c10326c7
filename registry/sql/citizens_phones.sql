-- C4: numbers from the system. A number known as a mobile stays one; what a person said of its kind holds; one that
-- turned out wrong stays wrong, until a person clears it.
INSERT INTO registry_phone (
    municipality_id, citizen_id, number_ciphertext, number_index, kind, source, found_by_name, found_at, wrong_reason
)
SELECT DISTINCT ON (c.id, given.number_index)
    %(municipality)s,
    c.id,
    given.number_ciphertext,
    given.number_index,
    given.kind,
    'system',
    %(by)s,
    %(now)s,
    ''
FROM incoming_citizens AS i
INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = i.cpr_index
CROSS JOIN LATERAL (
    VALUES
    (0, i.mobile_ciphertext, i.mobile_index, 'mobile'),
    (1, i.phone_ciphertext, i.phone_index, %(phone_kind)s)
) AS given (rank, number_ciphertext, number_index, kind)
WHERE given.number_index IS NOT NULL
ORDER BY c.id, given.number_index, given.rank
ON CONFLICT (citizen_id, number_index) DO UPDATE SET kind = excluded.kind
WHERE
    registry_phone.kind <> 'mobile'
    AND registry_phone.kind <> excluded.kind
    AND (registry_phone.kind = 'unknown' OR registry_phone.source = 'system')
