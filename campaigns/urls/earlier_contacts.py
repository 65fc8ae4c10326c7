"""Addresses of the earlier contacts read from the municipality's own spreadsheets."""

from django.urls import path

from ..views import earlier_contacts, earlier_contacts_columns, earlier_contacts_decisions

urlpatterns = [
    path("lister/tidligere-svar/", earlier_contacts.earlier_contacts, name="earlier_contacts"),
    path("lister/tidligere-svar/indlaes/", earlier_contacts.earlier_contacts_upload, name="earlier_contacts_upload"),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/",
        earlier_contacts.earlier_contacts_detail,
        name="earlier_contacts_detail",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/fremgang/",
        earlier_contacts.earlier_contacts_progress,
        name="earlier_contacts_progress",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/kolonner/",
        earlier_contacts_columns.earlier_contacts_columns,
        name="earlier_contacts_columns",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/kolonner/ret/",
        earlier_contacts_columns.earlier_contacts_remap,
        name="earlier_contacts_remap",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/kolonner/glem/",
        earlier_contacts_columns.earlier_contacts_forget,
        name="earlier_contacts_forget",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/nuller/",
        earlier_contacts_decisions.earlier_contacts_padding,
        name="earlier_contacts_padding",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/ord/",
        earlier_contacts_decisions.earlier_contacts_words,
        name="earlier_contacts_words",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/godkend/",
        earlier_contacts_decisions.earlier_contacts_commit,
        name="earlier_contacts_commit",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/afvis/",
        earlier_contacts_decisions.earlier_contacts_reject,
        name="earlier_contacts_reject",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/fortryd/",
        earlier_contacts_decisions.earlier_contacts_undo,
        name="earlier_contacts_undo",
    ),
    path(
        "lister/tidligere-svar/<int:contacts_file_id>/fejl.csv",
        earlier_contacts.earlier_contacts_errors_csv,
        name="earlier_contacts_errors_csv",
    ),
]
