-- Keep the rows that were read, in the file's order.
INSERT INTO campaigns_earliercontactrow (
    municipality_id, file_id, row_number, cpr_ciphertext, cpr_index, phone_ciphertext, phone_index, birth_date,
    contacted_on, kind, word, outcome, barrier, who, note, programme_id, warning_code, problem_code, problem_column,
    effect
)
SELECT
    %(municipality)s, %(file)s, i.row_number, i.cpr_ciphertext, i.cpr_index, i.phone_ciphertext, i.phone_index,
    i.birth_date, i.contacted_on, i.kind, i.word, i.outcome, i.barrier, i.who, i.note, i.programme_id,
    i.warning_code, i.problem_code, i.problem_column, ''
FROM earlier_incoming AS i
ORDER BY i.row_number
