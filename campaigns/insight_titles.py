"""What each table about a citizen is called in the file they get when they ask what we keep (A3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# In the order of the file. tests/structure/test_insight.py fails for a table about citizens that is missing here.
TITLES = {
    "registry.Citizen": _("Stamoplysninger"),
    "registry.PreviousNumber": _("Tidligere CPR-numre"),
    "registry.Phone": _("Telefonnumre"),
    "registry.Relative": _("Pårørende, værge og forældre"),
    "registry.CitizenEdit": _("Rettelser i hånden"),
    "registry.CitizenDifference": _("Forskelle mellem filer og rettelser"),
    "registry.ListRow": _("Rækker på lister fra SSI"),
    "registry.FollowUp": _("Opfølgninger"),
    "registry.FollowUpChange": _("Opfølgningernes historik"),
    "registry.Case": _("Henvendelser"),
    "registry.ReferredAccess": _("Rådgiveres adgang"),
    "campaigns.CallTask": _("Opkald i køen"),
    "campaigns.CallTaskChange": _("Opkald givet videre"),
    "campaigns.LookupClaim": _("Nogen leder efter nummeret"),
    "campaigns.ContactAttempt": _("Kontaktforsøg"),
    "campaigns.ContactAnswer": _("Svar"),
    "campaigns.QualityCheck": _("Kvalitetskontrol af svar"),
    "campaigns.HealthDialogue": _("Henvist til sundhedsfaglig rådgiver"),
    "campaigns.HealthTalk": _("Rådgiverens fagsamtaler"),
    "campaigns.SmsMessage": _("Sms'er"),
    "campaigns.SmsStatusChange": _("Hvad der skete med sms'erne"),
    "campaigns.SmsWaveRecipient": _("Med i sms-udsendelser"),
    "campaigns.Conversation": _("Svar på sms: tråde"),
    "campaigns.InboundMessage": _("Svar på sms: beskeder"),
    "campaigns.OptOut": _("Framelding fra sms"),
    "campaigns.Letter": _("Breve"),
    "campaigns.BookingRequest": _("Bookingønsker og tider"),
    "campaigns.BookingProgramme": _("Programmer i bookinger"),
    "campaigns.BookingChange": _("Bookingernes historik"),
    "campaigns.BookingReminder": _("Påmindelser om tider"),
    "campaigns.CareChain": _("Forløb"),
    "campaigns.ChainLink": _("Kørsel, hjælper, ledsager og tolk"),
    "campaigns.ChainChange": _("Forløbenes historik"),
    "campaigns.EarlierContactRow": _("Rækker i tidligere regneark"),
    "campaigns.EarlierContactEffect": _("Hvad tidligere regneark ændrede"),
}
# Kept under a keyed number, of which nobody can tell whose it is, or for weeks only while a message is on its way; and
# the log, which the report shows.
NOT_BY_CITIZEN = {
    "messaging.GatewayEvent",
    "messaging.NumberRoute",
    "messaging.OutboxMessage",
    "campaigns.AnswerWord",
    "audit.AccessEvent",
}
