-- C3: every change of number that the file tells, from either side: "I had …" and "I am now …".
CREATE TEMPORARY TABLE incoming_changes ON COMMIT DROP AS
SELECT
    row_number,
    previous_ciphertext AS old_ciphertext,
    previous_index AS old_index,
    cpr_ciphertext AS valid_ciphertext,
    cpr_index AS valid_index,
    cpr_kind AS valid_kind,
    FALSE AS told_by_old
FROM incoming_citizens
WHERE previous_index IS NOT NULL
UNION ALL
SELECT row_number, cpr_ciphertext, cpr_index, valid_ciphertext, valid_index, valid_kind, TRUE
FROM incoming_citizens
WHERE valid_index IS NOT NULL
