-- Whom a wave's filter names, and the verdict on each: why they get no SMS, or for a recipient `=language:name` (S3, K9).
-- The same rules as campaigns/waves/audience.py and exclusions.py, for a million people; a test holds both equal.
-- Every part is one that several processes can share: nothing is grouped here, nothing read twice, and no subquery stands
-- in an expression. What is known of few (sql/wave_few.sql) comes as citizens and marks, one bit for each kind. The
-- verdict is one expression, because PostgreSQL computes an expression once for every mention of it.
-- A WITH within the WITH keeps this part whole: PostgreSQL then expects 200 verdicts instead of one for each citizen, and
-- each process counts its own share. Opened up, one process got all million rows handed over to judge and count them.
WITH judged AS (
    WITH named AS (
        SELECT
            f.id AS follow_up_id,
            f.citizen_id,
            f.closed_reason,
            f.next_step_kind = 'sms' AND f.next_step_at <= %(starts_at)s + interval '24 hours' AS sms_due,
            c.name,
            c.status,
            c.language,
            c.do_not_contact_since IS NOT NULL AS no_contact_wanted,
            coalesce(c.birth_date > %(adult_born_by)s::date, false) AS child,
            c.protected AND (c.protected_until IS NULL OR c.protected_until >= %(today)s::date) AS protected,
            CASE
                WHEN f.status = 'closed' THEN CASE f.closed_reason WHEN 'attempts_documented' THEN 'exhausted' ELSE '' END
                WHEN f.outcome = 'undecided' THEN 'undecided'
                WHEN f.outcome <> ALL(%(no_answer)s) THEN 'waiting'
                WHEN f.first_contact_at IS NOT NULL THEN 'no_answer'
                ELSE 'no_contact'
            END AS standing
        FROM registry_followup AS f
        JOIN registry_citizen AS c ON c.id = f.citizen_id
        WHERE
            f.municipality_id = %(municipality)s
            AND c.municipality_id = %(municipality)s
            AND f.programme_id = %(programme)s
            AND (f.status = 'open' OR f.closed_reason = ANY(%(named_when_closed)s))
            AND (%(only)s::bigint[] IS NULL OR f.citizen_id = ANY(%(only)s::bigint[]))
            AND (%(groups)s::text[] IS NULL OR f.target_group = ANY(%(groups)s::text[]))
            AND (%(parishes)s::int[] IS NULL OR c.parish_id = ANY(%(parishes)s::int[]))
            AND (%(near_parishes)s::int[] IS NULL OR c.parish_id = ANY(%(near_parishes)s::int[]))
            AND (%(institution)s::bigint IS NULL OR c.institution_id = %(institution)s)
            AND (%(languages)s::text[] IS NULL OR c.language = ANY(%(languages)s::text[]))
            AND (%(weeks_from)s::int IS NULL OR f.weeks_on_list >= %(weeks_from)s)
            AND (%(weeks_to)s::int IS NULL OR f.weeks_on_list <= %(weeks_to)s)
            AND (%(born_by)s::date IS NULL OR c.birth_date <= %(born_by)s)
            AND (%(born_after)s::date IS NULL OR c.birth_date > %(born_after)s)
            AND (
                %(streets)s::text[] IS NULL
                OR EXISTS (
                    SELECT 1 FROM unnest(%(streets)s::text[]) AS street WHERE starts_with(lower(c.address), lower(street))
                )
            )
    )

    SELECT
        n.citizen_id,
        n.follow_up_id,
        n.name,
        CASE
            WHEN n.status = ANY(%(ended)s) OR n.closed_reason = 'status' THEN 'status'
            WHEN n.status = 'outside' OR n.closed_reason = 'moved' THEN 'moved'
            WHEN n.no_contact_wanted OR n.closed_reason = 'do_not_contact' THEN 'do_not_contact'
            WHEN n.child THEN 'child'
            WHEN n.closed_reason = 'declined' THEN 'declined'
            WHEN n.standing = '' OR (n.standing = 'waiting' AND NOT %(answered_are_asked)s) THEN 'answered'
            WHEN n.protected THEN 'protected'
            WHEN p.id IS NULL THEN CASE WHEN few.marks & 1 > 0 THEN 'wrong_number' ELSE 'no_mobile' END
            WHEN few.marks & 2 > 0 THEN 'opted_out'
            -- As message_texts.first_name: there is a word, behind the comma or before it.
            WHEN CASE
                WHEN strpos(n.name, ',') = 0 THEN ltrim(n.name, %(blanks)s) = ''
                ELSE ltrim(substr(n.name, strpos(n.name, ',') + 1), %(blanks)s) = ''
                    AND ltrim(split_part(n.name, ',', 1), %(blanks)s) = ''
            END THEN 'nameless'
            WHEN %(other_text)s = '' AND n.language <> ALL(%(text_languages)s) THEN 'no_text'
            WHEN few.marks & 4 > 0 THEN 'recent_message'
            WHEN few.marks & 8 > 0 THEN 'called_today'
            WHEN few.marks & 16 > 0 THEN 'being_called'
            WHEN few.marks & 256 > 0 THEN 'reply_waiting'
            WHEN n.sms_due OR few.marks & 32 > 0 THEN 'message_waiting'
            WHEN few.marks & 64 > 0 THEN 'other_wave'
            WHEN few.marks & 128 > 0 THEN 'shared_number'
            ELSE
                '=' || CASE WHEN n.language = ANY(%(text_languages)s) THEN n.language ELSE %(other_text)s END || ':'
                -- What the length of the text hangs on: the length of the first name, and of the whole name where the
                -- text holds it, of names in plain letters; otherwise the first name or the whole name itself.
                || CASE
                    WHEN %(names)s = 'none' THEN ''
                    WHEN n.name ~ %(plain_name)s THEN
                        CASE %(names)s WHEN 'whole' THEN length(n.name) || '#' ELSE ' ' END
                        || length(split_part(n.name, ' ', 1))
                    WHEN %(names)s = 'whole' THEN n.name
                    WHEN strpos(n.name, ',') = 0 THEN split_part(ltrim(n.name, %(blanks)s), ' ', 1)
                    WHEN ltrim(substr(n.name, strpos(n.name, ',') + 1), %(blanks)s) = '' THEN n.name
                    ELSE ',' || split_part(ltrim(substr(n.name, strpos(n.name, ',') + 1), %(blanks)s), ' ', 1)
                END
        END AS verdict
    FROM named AS n
    -- A right mobile, and only one of each citizen: `spare_mobiles` are the others.
    LEFT JOIN registry_phone AS p
        ON
            p.citizen_id = n.citizen_id
            AND p.municipality_id = %(municipality)s
            AND p.kind = 'mobile'
            AND p.wrong_since IS NULL
            AND p.id <> ALL(%(spare_mobiles)s::bigint[])
    -- Grouped, so that PostgreSQL knows each citizen to stand there once: else it expects 200 rows of each.
    LEFT JOIN (
        SELECT citizen_id, any_value(marks) AS marks
        FROM unnest(%(few)s::bigint[], %(marks)s::int[]) AS given (citizen_id, marks)
        GROUP BY citizen_id
    ) AS few ON few.citizen_id = n.citizen_id
    WHERE %(standings)s::text[] IS NULL OR n.standing = ANY(%(standings)s::text[])
)
