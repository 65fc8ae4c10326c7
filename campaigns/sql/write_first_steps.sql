-- Each citizen gets the step of their combination; what would end at once is left to the planner.
steps AS MATERIALIZED (
    SELECT child, opted_out, reachable, can_sms, new_kind, new_at, new_reason, new_detail FROM decided WHERE closed IS NULL
)
INSERT INTO first_steps (citizen_id, kind, at, reason, detail)
SELECT f.citizen_id, s.new_kind, s.new_at, s.new_reason, s.new_detail
FROM fresh f
JOIN steps s USING (child, opted_out, reachable, can_sms)
