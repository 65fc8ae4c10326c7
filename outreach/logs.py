"""Logs: one JSON object a line on standard error, with personal data taken out as the last step."""

from functools import cache
from typing import Any

import structlog
from django.utils.module_loading import import_string
from structlog.typing import EventDict, Processor, WrappedLogger

# By name: the settings stand below outreach.privacy and must not import it.
REDACTION = "outreach.privacy.redaction.redact_event"


@cache
def _redaction() -> Processor:
    processor: Processor = import_string(REDACTION)
    return processor


def redact(logger: WrappedLogger, method: str, event: EventDict) -> Any:
    """Take personal data out of an event."""
    return _redaction()(logger, method, event)


def drop_query(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Cut the query from a logged request: people search for names."""
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    drop_query,
]


def configure_logging(level: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING; both ways end in the same redacted JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level, "handlers": [], "propagate": True},
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            # A request line is logged once, by the structured middleware.
            "django.request": {"level": "ERROR"},
            # The typesetter tells every step; a command's standard error is no place for them.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
