"""Classification of this app's fields, by what they are about; `RETENTION` says which period erases each model."""

from . import bookings, contact, earlier_contacts, letters, messages, plans

_PARTS = (contact, plans, messages, letters, earlier_contacts, bookings)
FIELDS = {name: fields for part in _PARTS for name, fields in part.FIELDS.items()}
RETENTION = {name: key for part in _PARTS for name, key in part.RETENTION.items()}
