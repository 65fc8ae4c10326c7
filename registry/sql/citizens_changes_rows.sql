-- Rows of numbers that were left are no persons of their own.
DELETE FROM incoming_citizens AS i
USING followed_changes AS f
WHERE i.cpr_index = f.old_index
RETURNING i.row_number
