-- Still waiting: one more week on the lists; status, answer, deadlines and next step stay as they are.
UPDATE registry_followup AS f
SET
    last_list_id = %(list)s,
    weeks_on_list = c.week,
    target_group = CASE WHEN c.target_group = '' THEN f.target_group ELSE c.target_group END,
    mandatory = c.mandatory,
    invited_on = coalesce(c.invited_on, f.invited_on),
    updated_at = %(now)s
FROM committing AS c
WHERE f.id = c.follow_up_id AND c.act = 'see'
