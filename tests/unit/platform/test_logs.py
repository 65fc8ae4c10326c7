import json
import logging

import structlog

from outreach.logs import configure_logging, drop_query


def test_drop_query_keeps_the_path():
    event = {"event": "request_started", "request": "GET /borgere/?navn=Jens"}
    assert drop_query(None, "info", event)["request"] == "GET /borgere/"


def test_one_line_of_json_without_personal_data():
    formatter = structlog.stdlib.ProcessorFormatter(
        **{key: value for key, value in configure_logging("INFO")["formatters"]["json"].items() if key != "()"}
    )
    record = logging.makeLogRecord({"name": "x", "msg": "looked for %s", "args": ("710139-1234",), "levelname": "INFO"})
    line = formatter.format(record)
    assert "\n" not in line
    assert "710139-1234" not in line
    assert json.loads(line)["level"] == "info"
