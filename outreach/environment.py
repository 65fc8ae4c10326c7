"""Reads the settings' values from the environment and says in words what is missing or wrong."""

import base64
import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# F35: a page fails soon; imports and migrations may take their time.
WEB_LIMITS = ("lock_timeout=5s", "statement_timeout=30s", "idle_in_transaction_session_timeout=60s")


def required(name: str) -> str:
    """Return the value of `name`; ImproperlyConfigured with a hint when it is missing or empty."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. On a development machine use bin/manage, which starts the servers and makes the "
            "keys; in production set every name listed in .env.example."
        )
    return value


def keys(name: str) -> dict[int, bytes]:
    """Read `1:<base64>,2:<base64>`: versions of a key, so that it can be rotated."""
    try:
        pairs = (part.split(":", 1) for part in required(name).split(","))
        return {int(version): base64.b64decode(key, validate=True) for version, key in pairs}
    except ValueError:
        # The value stays out of the message and of the chain.
        raise ImproperlyConfigured(f"{name} must look like 1:<32 bytes in base64>; see .env.example.") from None


def database(name: str, process: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL address in `name`, with the time limits of `process`."""
    found: dict[str, Any] = environ.Env().db_url_config(required(name))
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgres:// address.")
    options = found.setdefault("OPTIONS", {})
    if "host" in options:  # a socket folder, given as libpq wants it
        found["HOST"] = options.pop("host")
    session = ["timezone=UTC", *(WEB_LIMITS if process == "web" else ())]
    options |= {
        "application_name": f"outreach-{process}",
        "connect_timeout": 5,
        "tcp_user_timeout": 5000,  # F33: milliseconds
        "options": " ".join(f"-c {setting}" for setting in session),
    }
    return found | {
        "ATOMIC_REQUESTS": False,  # outreach.access.middleware holds the transaction, with its data context
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
