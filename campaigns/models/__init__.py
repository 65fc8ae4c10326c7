"""The tables of contact: policies, calls, answers and messages."""

from .calls import (
    CallTask,
    CallTaskState,
    ContactAnswer,
    ContactAttempt,
    ContactKind,
    SpokeWith,
)
from .contact_settings import ContactPlanChange, ContactSettings
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
from .messages import MACHINE_PURPOSES, MessageStatus, OptOut, SmsMessage, SmsPurpose, SmsStatusChange
from .policies import (
    ContactPoint,
    ContactPolicy,
    ContactPolicyStep,
)
from .texts import CallScript, ContentClass, LetterText, MessagePrice, MessageTemplate, TextState, TextVersion

__all__ = [
    "MACHINE_PURPOSES",
    "AnswerWord",
    "CallScript",
    "CallTask",
    "CallTaskState",
    "ContactAnswer",
    "ContactAttempt",
    "ContactKind",
    "ContactPlanChange",
    "ContactPoint",
    "ContactPolicy",
    "ContactPolicyStep",
    "ContactSettings",
    "ContentClass",
    "EarlierContactEffect",
    "EarlierContactRow",
    "EarlierContacts",
    "EarlierContactsChange",
    "EarlierContactsState",
    "LetterText",
    "LookupClaim",
    "LookupPlace",
    "LookupResult",
    "MessagePrice",
    "MessageStatus",
    "MessageTemplate",
    "OptOut",
    "PaddedNumbers",
    "SmsMessage",
    "SmsPurpose",
    "SmsStatusChange",
    "SpokeWith",
    "TextState",
    "TextVersion",
]
