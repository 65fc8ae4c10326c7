
-- The recipients of an approved wave, in the random order of sending; the first of another draw are held out (D6).
INSERT INTO campaigns_smswaverecipient (
    municipality_id, wave_id, citizen_id, follow_up_id, language, position, held_out, queued, left_out
)
SELECT
    %(municipality)s,
    %(wave)s,
    citizen_id,
    follow_up_id,
    text_language,
    row_number() OVER (PARTITION BY held_out ORDER BY md5(citizen_id::text || %(seed)s), citizen_id) - 1,
    held_out,
    false,
    ''
FROM (
    SELECT
        citizen_id,
        follow_up_id,
        substr(verdict, 2, 2) AS text_language,
        row_number() OVER (ORDER BY md5(%(seed)s || citizen_id::text), citizen_id)
        <= floor(count(*) OVER () * %(hold_out_percent)s / 100.0) AS held_out
    FROM judged
    WHERE starts_with(verdict, '=')
) AS drawn
