"""The tables of contact: policies, calls, answers and messages."""

from .calls import (
    CallTask,
    CallTaskState,
    ContactAnswer,
    ContactAttempt,
    ContactKind,
    SpokeWith,
)
from .earlier_contacts import (
    AnswerWord,
    EarlierContactEffect,
    EarlierContactRow,
    EarlierContacts,
    EarlierContactsChange,
    EarlierContactsState,
    PaddedNumbers,
)
from .lookups import LookupClaim, LookupPlace, LookupResult
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
    "AnswerWord",
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
    "EarlierContactEffect",
    "EarlierContactRow",
    "EarlierContacts",
    "EarlierContactsChange",
    "EarlierContactsState",
    "LookupClaim",
    "LookupPlace",
    "LookupResult",
    "MessageStatus",
    "MessageTemplate",
    "OptOut",
    "PaddedNumbers",
    "SmsMessage",
    "SmsStatusChange",
    "SpokeWith",
]
