"""PostgreSQL and Valkey of our own, started when no DATABASE_URL or REDIS_URL is given.

A detached supervisor (supervisor.py) owns the two servers of one data folder. Every process that uses them
holds a lease (lease.py); the supervisor leaves when the last lease is gone.
Imports nothing heavy: manage.py calls this before Django is loaded.
"""

from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.lease import ensure_servers

__all__ = ["EmbeddedServersError", "ensure_servers"]
