-- Spread what still waits of a wave over new slots: position by position, evenly within each (S4).
UPDATE campaigns_smsmessage AS m
SET not_before = slot.opens + (r.position - %(first)s - slot.first) * %(gap)s::interval, status_reason = ''
FROM campaigns_smswaverecipient AS r
JOIN unnest(%(slot_opens)s::timestamptz[], %(slot_first)s::int[], %(slot_number)s::int[]) AS slot (opens, first, number)
    ON r.position - %(first)s >= slot.first AND r.position - %(first)s < slot.first + slot.number
WHERE
    m.wave_id = %(wave)s
    AND m.municipality_id = %(municipality)s
    AND m.status = 'queued'
    AND r.wave_id = %(wave)s
    AND r.citizen_id = m.citizen_id
