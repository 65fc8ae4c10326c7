"""Replies: received, answered and finished as conversations (S7)."""

from .answering import answer_by_sms, call_back, record_reply_outcome, start_messages, stop_messages
from .conversations import assign, attach, detach, finish, leave, open_conversation
from .receiving import receive_reply

__all__ = [
    "answer_by_sms",
    "assign",
    "attach",
    "call_back",
    "detach",
    "finish",
    "leave",
    "open_conversation",
    "receive_reply",
    "record_reply_outcome",
    "start_messages",
    "stop_messages",
]
