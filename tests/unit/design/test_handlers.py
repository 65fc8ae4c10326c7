"""The page for faults of our own."""

import re

from django.test import RequestFactory
from structlog.testing import capture_logs

from outreach.design.handlers import server_error


def test_fault_page_and_log_share_an_error_id() -> None:
    with capture_logs() as logs:
        response = server_error(RequestFactory().get("/"))
    found = re.search(r"fejlnummer:.*?>(?P<id>[0-9a-f]{8})<", response.content.decode(), re.DOTALL)
    assert response.status_code == 500
    assert found
    assert logs[0]["error_id"] == found["id"]
