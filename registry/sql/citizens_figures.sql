-- What the file is about to do to people the registry knows, before any of it is written. One pass over its rows.
-- A protection that has lapsed is none; what was blank before is filled in, not changed.
WITH compared AS (
    SELECT
        c.status AS was,
        coalesce(i.status, c.status) AS becomes,
        c.protected AND (c.protected_until IS NULL OR c.protected_until >= %(today)s) AS hidden,
        coalesce(i.protected, c.protected) AND (
            CASE WHEN i.protected IS NULL THEN c.protected_until ELSE i.protected_until END IS NULL
            OR CASE WHEN i.protected IS NULL THEN c.protected_until ELSE i.protected_until END >= %(today)s
        ) AS stays_hidden,
        c.search_name <> '' AND i.search_name <> c.search_name AS renamed,
        c.address <> '' AND i.address <> c.address AS readdressed
    FROM incoming_citizens AS i
    INNER JOIN registry_citizen AS c ON c.municipality_id = %(municipality)s AND c.cpr_index = i.cpr_index
)

SELECT
    count(*) FILTER (WHERE was = 'active' AND becomes NOT IN ('active', 'outside')) AS ended,
    count(*) FILTER (WHERE was = 'active' AND becomes = 'outside') AS moved,
    count(*) FILTER (WHERE was <> 'active' AND becomes = 'active') AS revived,
    count(*) FILTER (WHERE stays_hidden AND NOT hidden) AS hidden,
    count(*) FILTER (WHERE hidden AND NOT stays_hidden) AS shown,
    count(*) FILTER (WHERE renamed) AS renamed,
    count(*) FILTER (WHERE readdressed) AS readdressed
FROM compared
