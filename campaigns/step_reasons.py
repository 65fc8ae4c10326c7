"""The reason codes a next step can have, and which of them an answer gave. Words are in `reasons.py`."""

from __future__ import annotations

from enum import StrEnum


class StepReason(StrEnum):
    """Why a follow-up's next step is what it is (K1)."""

    # The contact policy's own steps: computed anew from the facts at each planning.
    FIRST_CONTACT = "first_contact"
    SMS_UNANSWERED = "sms_unanswered"
    NO_MOBILE = "no_mobile"
    SMS_OPTED_OUT = "sms_opted_out"
    CUSTODY_HOLDER = "custody_holder"
    NOT_REACHED = "not_reached"
    NO_PHONE = "no_phone"
    NO_CUSTODY_HOLDER_PHONE = "no_custody_holder_phone"
    NO_NUMBER_FOUND = "no_number_found"
    CALLS_UNANSWERED = "calls_unanswered"
    ATTEMPTS_DONE = "attempts_done"
    JOINS_CALL = "joins_call"
    # Given by an answer: kept until the next answer, or until what they wait for has passed.
    BOOKS_SELF = "books_self"
    ALREADY_BOOKED = "already_booked"
    ALREADY_VACCINATED = "already_vaccinated"
    BOOKED_ON_BEHALF = "booked_on_behalf"
    WANTS_POPUP = "wants_popup"
    CHECK_CALL = "check_call"
    UNDECIDED = "undecided"
    BUSY = "busy"
    OTHER_NUMBER = "other_number"
    WRONG_NUMBER = "wrong_number"
    AGREED_TIME = "agreed_time"
    RELATIVE_REACHED = "relative_reached"
    GUARDIAN_INFORMED = "guardian_informed"
    LANGUAGE = "language"
    HEALTH_DIALOGUE = "health_dialogue"
    DIALOGUE_AGREED = "dialogue_agreed"
    DIALOGUE_NOT_REACHED = "dialogue_not_reached"
    DIALOGUE_UNREACHED = "dialogue_unreached"
    DIALOGUE_HELD = "dialogue_held"
    DIALOGUE_WANTS_TIME = "dialogue_wants_time"
    OWN_DOCTOR = "own_doctor"
    BOOKING_HELP = "booking_help"
    ESCORT = "escort"
    RIDE = "ride"
    HOME_ASSESSMENT = "home_assessment"
    POPUP_CHANGED = "popup_changed"
    # Given by booking on behalf (K11, K14): kept like an answer.
    BOOKING_HELD = "booking_held"
    BOOKING_SENT = "booking_sent"
    BOOKING_PROPOSED = "booking_proposed"
    BOOKING_REFUSED = "booking_refused"
    BOOKING_TELL = "booking_tell"
    BOOKING_REMIND = "booking_remind"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_NO_SHOW = "booking_no_show"
    BOOKING_DONE = "booking_done"
    RIDE_CANCELLED = "ride_cancelled"
    SECOND_DOSE = "second_dose"
    # Given by a reply or a delivery report (S6, S7).
    ASKED_FOR_CALL = "asked_for_call"
    REPLY_WAITING = "reply_waiting"
    SMS_NOT_DELIVERED = "sms_not_delivered"
    # A letter came back: kept while a look-up can help (S9).
    LETTER_RETURNED = "letter_returned"


ANSWER_REASONS = frozenset(
    {
        StepReason.BOOKS_SELF,
        StepReason.ALREADY_BOOKED,
        StepReason.ALREADY_VACCINATED,
        StepReason.BOOKED_ON_BEHALF,
        StepReason.WANTS_POPUP,
        StepReason.POPUP_CHANGED,
        StepReason.CHECK_CALL,
        StepReason.UNDECIDED,
        StepReason.BUSY,
        StepReason.OTHER_NUMBER,
        StepReason.WRONG_NUMBER,
        StepReason.AGREED_TIME,
        StepReason.RELATIVE_REACHED,
        StepReason.GUARDIAN_INFORMED,
        StepReason.LANGUAGE,
        StepReason.HEALTH_DIALOGUE,
        StepReason.DIALOGUE_AGREED,
        StepReason.DIALOGUE_NOT_REACHED,
        StepReason.DIALOGUE_UNREACHED,
        StepReason.DIALOGUE_HELD,
        StepReason.DIALOGUE_WANTS_TIME,
        StepReason.OWN_DOCTOR,
        StepReason.BOOKING_HELP,
        StepReason.ESCORT,
        StepReason.RIDE,
        StepReason.HOME_ASSESSMENT,
        StepReason.LETTER_RETURNED,
        StepReason.BOOKING_HELD,
        StepReason.BOOKING_SENT,
        StepReason.BOOKING_PROPOSED,
        StepReason.BOOKING_REFUSED,
        StepReason.BOOKING_TELL,
        StepReason.BOOKING_REMIND,
        StepReason.BOOKING_CANCELLED,
        StepReason.BOOKING_NO_SHOW,
        StepReason.BOOKING_DONE,
        StepReason.RIDE_CANCELLED,
        StepReason.SECOND_DOSE,
        StepReason.ASKED_FOR_CALL,
        StepReason.REPLY_WAITING,
        StepReason.SMS_NOT_DELIVERED,
    }
)
