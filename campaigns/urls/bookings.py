"""Addresses of booking on behalf, the region's desk and the chain round a booked time."""

from django.urls import path

from ..views import booking, booking_answers, booking_desk, bookings, chains

urlpatterns = [
    path("bookingoensker/", bookings.bookings, name="bookings"),
    path("bookingoensker/paamindelser/", bookings.booking_reminders, name="booking_reminders"),
    path("bookingoensker/<int:booking_id>/", booking.booking, name="booking"),
    path("bookingoensker/<int:booking_id>/oensker/", booking.booking_wishes, name="booking_wishes"),
    path("bookingoensker/<int:booking_id>/frigiv/", booking.booking_release, name="booking_release"),
    path("bookingoensker/<int:booking_id>/flyt/", booking.booking_move, name="booking_move"),
    path("bookingoensker/<int:booking_id>/traek-tilbage/", booking.booking_withdraw, name="booking_withdraw"),
    path("bookingoensker/<int:booking_id>/aflys/", booking.booking_cancel, name="booking_cancel"),
    path("bookingoensker/<int:booking_id>/ja-tak/", booking.booking_accept, name="booking_accept"),
    path("bookingoensker/<int:booking_id>/besked/", booking.booking_told, name="booking_told"),
    path("bookingoensker/<int:booking_id>/paamind/", booking.booking_remind, name="booking_remind"),
    path("bookingoensker/<int:booking_id>/fremmoede/", booking.booking_attendance, name="booking_attendance"),
    path("bookingoensker/<int:booking_id>/aftal/", chains.link_add, name="link_add"),
    path("borger/<int:citizen_id>/booking/", bookings.booking_new, name="booking_new"),
    path("borger/<int:citizen_id>/forloeb/", chains.chain, name="chain"),
    path("forloeb/", chains.chains, name="chains"),
    path("forloeb/<int:chain_id>/overdrag/", chains.chain_hand_over, name="chain_hand_over"),
    path("forloeb/aftale/<int:link_id>/", chains.link_agree, name="link_agree"),
    path("forloeb/aftale/<int:link_id>/gennemfoert/", chains.link_finish, name="link_finish"),
    path("forloeb/aftale/<int:link_id>/fjern/", chains.link_cancel, name="link_cancel"),
    path("region/bookinger/", booking_desk.desk_queue, name="desk_queue"),
    path("region/bookinger/naeste/", booking_desk.desk_next, name="desk_next"),
    path("region/bookinger/<int:booking_id>/", booking_desk.desk_request, name="desk_request"),
    path("region/bookinger/<int:booking_id>/tag/", booking_desk.desk_claim, name="desk_claim"),
    path("region/bookinger/<int:booking_id>/slip/", booking_desk.desk_release, name="desk_release"),
    path("region/bookinger/<int:booking_id>/svar/", booking_answers.desk_answer, name="desk_answer"),
    path("region/bookinger/<int:booking_id>/aflyst/", booking_answers.desk_cancelled, name="desk_cancelled"),
    path("region/bookinger/<int:booking_id>/cpr/", booking_answers.desk_reveal_cpr, name="desk_reveal_cpr"),
]
