
-- The verdict on each of the citizens asked about; whom the filter does not name any more has none.
SELECT citizen_id, CASE WHEN starts_with(verdict, '=') THEN '' ELSE verdict END FROM judged
