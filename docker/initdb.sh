#!/usr/bin/env bash
# Runs once, when the database volume is new: roles, their passwords, database and rights.
# The same SQL as the embedded servers use; see outreach/embedded/sql/.
set -euo pipefail

run() { psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

run --dbname postgres --file /opt/opsoeg/sql/roles.sql
# Over standard input, where psql quotes the values: passwords may hold any character and stay out of `ps`.
run --dbname postgres <<'SQL'
\getenv owner_password OUTREACH_OWNER_PASSWORD
\getenv app_password OUTREACH_APP_PASSWORD
ALTER ROLE outreach_owner PASSWORD :'owner_password';
ALTER ROLE outreach_app PASSWORD :'app_password';
CREATE DATABASE outreach OWNER outreach_owner;
SQL
run --dbname outreach --command "SET ROLE outreach_owner" --file /opt/opsoeg/sql/database.sql
