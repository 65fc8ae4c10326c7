"""Addresses of the contact pages. No CPR or phone number is ever part of one (A4)."""

from . import bookings, calls, earlier_contacts, insight, messages

app_name = "campaigns"
urlpatterns = [
    *calls.urlpatterns,
    *messages.urlpatterns,
    *bookings.urlpatterns,
    *earlier_contacts.urlpatterns,
    *insight.urlpatterns,
]
