"""The tables of contact: policies, calls, answers and messages."""

from .calls import (
    CallTask,
    CallTaskState,
    ContactAnswer,
    ContactAttempt,
    ContactKind,
    SpokeWith,
)
from .messages import MessageStatus, OptOut, SmsMessage, SmsStatusChange
from .policies import (
    CallScript,
    ContactPoint,
    ContactPolicy,
    ContactPolicyStep,
    ContentClass,
    MessageTemplate,
)

__all__ = [
    "CallScript",
    "CallTask",
    "CallTaskState",
    "ContactAnswer",
    "ContactAttempt",
    "ContactKind",
    "ContactPoint",
    "ContactPolicy",
    "ContactPolicyStep",
    "ContentClass",
    "MessageStatus",
    "MessageTemplate",
    "OptOut",
    "SmsMessage",
    "SmsStatusChange",
    "SpokeWith",
]
