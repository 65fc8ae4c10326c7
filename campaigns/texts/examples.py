"""An invented person, for previews and for measuring a text before anybody is chosen."""

from django.utils.translation import gettext_noop

# `kommune` and `telefon` are replaced by the municipality's own where it has them.
EXAMPLE = {
    "fornavn": "Søren",
    "navn": "Søren Eksempelsen",
    "kommune": "Eksempel Kommune",
    "telefon": "12 34 56 78",
    "tid": "tirsdag den 27. april kl. 16.00",
    "sted": "Kulturhuset, Store Torv 1",
    "caller": "Mette Holm",
    "organisation": "Eksempel Kommune",
    "citizen": "Søren Eksempelsen",
    "programme": "covid-19",
    "programmer": "covid-19",
    "steder": gettext_noop("Kulturhuset, Store Torv 1 · tirsdag den 27. april kl. 15.00–20.00 · uden aftale"),
}
