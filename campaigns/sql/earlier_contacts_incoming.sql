-- The rows of one file between COPY and INSERT: COPY into a table under row security is refused.
CREATE TEMPORARY TABLE earlier_incoming (
    row_number integer NOT NULL,
    cpr_ciphertext bytea,
    cpr_index bytea,
    phone_ciphertext bytea,
    phone_index bytea,
    birth_date date,
    contacted_on date,
    kind text NOT NULL,
    word text NOT NULL,
    outcome text NOT NULL,
    barrier text NOT NULL,
    who text NOT NULL,
    note bytea,
    programme_id bigint,
    warning_code text NOT NULL,
    problem_code text NOT NULL,
    problem_column text NOT NULL
) ON COMMIT DROP
