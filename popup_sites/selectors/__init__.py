"""What pages and other apps ask about pop-up sites."""

from .nearest import NearSession, nearest_sessions
from .notices import notices_waiting
from .sessions import sessions_this_week

__all__ = ["NearSession", "nearest_sessions", "notices_waiting", "sessions_this_week"]
