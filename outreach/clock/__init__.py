"""The one source of time for running services: the database's clock, or the demo's stored one."""
