"""Addresses of the contact pages. No CPR or phone number is ever part of one (A4)."""

from django.urls import path

from .views import (
    answers,
    calls,
    citizens,
    earlier_contacts,
    earlier_contacts_columns,
    earlier_contacts_decisions,
    lookups,
    messages,
    queue,
    search,
)

app_name = "campaigns"
urlpatterns = [
    path("opkald/naeste/", calls.next_citizen, name="next_citizen"),
    path("opkald/fortryd/<int:attempt_id>/", answers.call_undo, name="call_undo"),
    path("opkald/<int:task_id>/", calls.call, name="call"),
    path("opkald/<int:task_id>/tag/", calls.call_claim, name="call_claim"),
    path("opkald/<int:task_id>/slip/", calls.call_release, name="call_release"),
    path("opkald/<int:task_id>/gem/", answers.call_save, name="call_save"),
    path("opkald/<int:task_id>/naeste-skridt/", answers.call_preview, name="call_preview"),
    path("borger/<int:citizen_id>/", citizens.citizen, name="citizen"),
    path("borger/<int:citizen_id>/cpr/", citizens.citizen_reveal_cpr, name="citizen_reveal_cpr"),
    path("borger/<int:citizen_id>/svar/", answers.call_in, name="call_in"),
    path("borger/<int:citizen_id>/naeste-skridt/", answers.call_in_preview, name="call_in_preview"),
    path("borger/<int:citizen_id>/telefon/", citizens.phone_add, name="phone_add"),
    path("borger/<int:citizen_id>/telefon/<int:phone_id>/forkert/", citizens.phone_wrong, name="phone_wrong"),
    path("borger/<int:citizen_id>/genaabn/<int:follow_up_id>/", citizens.follow_up_reopen, name="follow_up_reopen"),
    path("soeg/", search.search, name="search"),
    path("ring-tilbage/", search.ring_back, name="ring_back"),
    path("opkaldskoe/", queue.queue, name="queue"),
    path("opkaldskoe/<int:task_id>/slip/", queue.task_release, name="task_release"),
    path("opkaldskoe/<int:task_id>/tildel/", queue.task_assign, name="task_assign"),
    path("mangler-nummer/", lookups.lookups, name="lookups"),
    path("mangler-nummer/naeste/", lookups.lookup_next, name="lookup_next"),
    path("mangler-nummer/<int:citizen_id>/", lookups.lookup, name="lookup"),
    path("mangler-nummer/<int:citizen_id>/slip/", lookups.lookup_release, name="lookup_release"),
    path("mangler-nummer/<int:citizen_id>/fundet/", lookups.lookup_found, name="lookup_found"),
    path("mangler-nummer/<int:citizen_id>/intet/", lookups.lookup_nothing, name="lookup_nothing"),
    path("sms/", messages.messages, name="messages"),
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
