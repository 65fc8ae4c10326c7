-- Whom a wave's filter names, and why each of them gets no SMS: '' for a recipient (S3, K9).
-- The same rules as campaigns/waves/audience.py and exclusions.py, for a million people; a test holds both equal.
-- The small sets come first; each big table is read once, and nothing is sorted.
WITH mobiles AS (
    SELECT
        p.citizen_id,
        bool_or(p.wrong_since IS NULL) AS right_number,
        bool_or(p.wrong_since IS NULL AND stop.id IS NULL) AS usable
    FROM registry_phone AS p
    LEFT JOIN campaigns_optout AS stop
        ON stop.municipality_id = p.municipality_id AND stop.number_index = p.number_index
    WHERE
        p.municipality_id = %(municipality)s
        AND p.kind = 'mobile'
        AND (%(only)s::bigint[] IS NULL OR p.citizen_id = ANY(%(only)s::bigint[]))
    GROUP BY p.citizen_id
),

reached AS (
    SELECT citizen_id, number_index
    FROM campaigns_smsmessage
    WHERE
        municipality_id = %(municipality)s
        AND status = ANY(%(on_their_way)s)
        AND handed_over_at > %(starts_at)s - interval '24 hours'
),

recently_reached AS (
    SELECT citizen_id FROM reached
    UNION
    SELECT p.citizen_id
    FROM registry_phone AS p
    WHERE
        p.municipality_id = %(municipality)s
        AND p.kind = 'mobile'
        AND p.wrong_since IS NULL
        AND p.number_index IN (SELECT number_index FROM reached)
),

called AS (
    SELECT DISTINCT citizen_id
    FROM campaigns_contactattempt
    WHERE
        municipality_id = %(municipality)s
        AND kind IN ('call', 'call_in')
        AND undone_at IS NULL
        AND at >= %(day_begins)s
        AND at < %(day_ends)s
),

calls AS (
    SELECT
        citizen_id,
        CASE
            WHEN state = 'claimed' AND claimed_until > %(now)s THEN 'now'
            WHEN due_at >= %(day_ends)s THEN ''
            WHEN agreed_time THEN 'agreed'
            ELSE 'queued'
        END AS call
    FROM campaigns_calltask
    WHERE municipality_id = %(municipality)s AND state IN ('open', 'claimed')
),

queued AS (
    SELECT
        citizen_id,
        bool_or(purpose = 'first_contact') AS message_waiting,
        bool_or(purpose = 'wave' AND wave_id IS DISTINCT FROM %(wave)s) AS other_wave
    FROM campaigns_smsmessage
    WHERE municipality_id = %(municipality)s AND status IN ('queued', 'handing_over')
    GROUP BY citizen_id
),

other_waves AS (
    SELECT DISTINCT r.citizen_id
    FROM campaigns_smswaverecipient AS r
    JOIN campaigns_smswave AS w ON w.id = r.wave_id
    WHERE
        r.municipality_id = %(municipality)s
        AND w.municipality_id = %(municipality)s
        AND w.id IS DISTINCT FROM %(wave)s
        AND w.state IN ('approved', 'sending', 'held')
        AND NOT r.queued
        AND NOT r.held_out
        AND r.left_out = ''
),

named AS (
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
        -- Letters that Python's split knows as blanks; most names begin with none of them.
        ltrim(c.name, %(blanks)s) <> '' AS written,
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
),

judged AS (
    SELECT
        n.citizen_id,
        n.follow_up_id,
        n.name,
        CASE WHEN n.language = ANY(%(text_languages)s) THEN n.language ELSE %(other_text)s END AS text_language,
        CASE
            WHEN n.status = ANY(%(ended)s) OR n.closed_reason = 'status' THEN 'status'
            WHEN n.status = 'outside' OR n.closed_reason = 'moved' THEN 'moved'
            WHEN n.no_contact_wanted OR n.closed_reason = 'do_not_contact' THEN 'do_not_contact'
            WHEN n.child THEN 'child'
            WHEN n.closed_reason = 'declined' THEN 'declined'
            WHEN n.standing = '' OR (n.standing = 'waiting' AND NOT %(answered_are_asked)s) THEN 'answered'
            WHEN n.protected THEN 'protected'
            WHEN m.citizen_id IS NULL THEN 'no_mobile'
            WHEN NOT m.right_number THEN 'wrong_number'
            WHEN NOT m.usable THEN 'opted_out'
            WHEN NOT n.written THEN 'nameless'
            WHEN %(other_text)s = '' AND n.language <> ALL(%(text_languages)s) THEN 'no_text'
            WHEN r.citizen_id IS NOT NULL THEN 'recent_message'
            WHEN called.citizen_id IS NOT NULL THEN 'called_today'
            WHEN calls.call IN ('now', 'agreed') OR (calls.call = 'queued' AND NOT %(queued_calls)s) THEN 'being_called'
            WHEN n.sms_due OR q.message_waiting THEN 'message_waiting'
            WHEN q.other_wave OR o.citizen_id IS NOT NULL THEN 'other_wave'
            WHEN n.citizen_id = ANY(%(sharing)s::bigint[]) THEN 'shared_number'
            ELSE ''
        END AS reason
    FROM named AS n
    LEFT JOIN mobiles AS m ON m.citizen_id = n.citizen_id
    LEFT JOIN recently_reached AS r ON r.citizen_id = n.citizen_id
    LEFT JOIN called ON called.citizen_id = n.citizen_id
    LEFT JOIN calls ON calls.citizen_id = n.citizen_id
    LEFT JOIN queued AS q ON q.citizen_id = n.citizen_id
    LEFT JOIN other_waves AS o ON o.citizen_id = n.citizen_id
    WHERE %(standings)s::text[] IS NULL OR n.standing = ANY(%(standings)s::text[])
)
