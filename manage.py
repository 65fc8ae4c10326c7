#!/usr/bin/env python
"""Runs management commands; starts the embedded servers first when no database or broker is given."""

import os
import sys


def main() -> None:
    """Run one management command as given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outreach.settings")
    from outreach.embedded import EmbeddedServersError, ensure_servers

    try:
        ensure_servers()
    except EmbeddedServersError as error:
        sys.exit(f"The embedded servers did not start: {error}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
