"""The web process: `gunicorn outreach.wsgi`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outreach.settings")
os.environ.setdefault("OUTREACH_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from outreach.embedded.checks import refuse_unsafe_start  # noqa: E402  needs the applications loaded

refuse_unsafe_start()
