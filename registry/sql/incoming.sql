-- The rows of one file between COPY and INSERT: COPY into a table under row security is refused.
CREATE TEMPORARY TABLE incoming (
    row_number integer NOT NULL,
    cpr_ciphertext bytea,
    cpr_index bytea,
    cpr_kind text NOT NULL,
    birth_date date,
    sex text NOT NULL,
    name text NOT NULL,
    target_group text NOT NULL,
    invited_on date,
    municipality_code integer,
    problem_code text NOT NULL,
    problem_column text NOT NULL,
    warning_code text NOT NULL
) ON COMMIT DROP
