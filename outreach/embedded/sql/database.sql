-- Rights and extensions inside one database, as its owner. Running it again changes nothing.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    -- TEMPORARY: imports copy into temporary tables, because COPY is refused under row-level security.
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO outreach_app', current_database());
END
$$;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO outreach_app;
GRANT USAGE, CREATE ON SCHEMA public TO outreach_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE outreach_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO outreach_app;
ALTER DEFAULT PRIVILEGES FOR ROLE outreach_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO outreach_app;
