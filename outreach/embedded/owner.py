"""Work as the role that owns the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import connections


@contextmanager
def owner_as_default() -> Iterator[None]:
    """Let the `default` connection be the owner's inside the block.

    So data migrations may use the ORM as usual: with two connections they would not see the tables that the
    other's open transaction has just made.
    """
    if "owner" not in connections.settings:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables.")
    application = connections["default"]
    application.close()
    owner = application.copy("default")
    owner.settings_dict = {**connections["owner"].settings_dict}
    connections["default"] = owner
    try:
        yield
    finally:
        owner.close()
        connections["default"] = application
