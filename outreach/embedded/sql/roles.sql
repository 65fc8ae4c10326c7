-- The two roles, on any database of the cluster, as superuser. Running it again changes nothing.
-- outreach_owner owns the tables and migrates; BYPASSRLS, else its data migrations and pg_dump see no personal rows.
-- outreach_app is what web and workers use: no DDL, owns nothing, row-level security holds for it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'outreach_owner') THEN
        CREATE ROLE outreach_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'outreach_app') THEN
        CREATE ROLE outreach_app LOGIN;
    END IF;
END
$$;
ALTER ROLE outreach_owner NOSUPERUSER NOCREATEROLE CREATEDB BYPASSRLS;
ALTER ROLE outreach_app NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
