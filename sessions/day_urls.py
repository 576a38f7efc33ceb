"""Addresses of the day; names in the namespace `sessions`."""

from django.urls import path

from sessions import consulting_pages, day_pages, sheet_pages

urlpatterns = [
    # the day of a session
    path("sessions/<int:pk>/day/", day_pages.day, name="day"),
    path("sessions/<int:pk>/mark/", day_pages.mark, name="mark"),
    path("sessions/<int:pk>/undo/", day_pages.undo, name="undo"),
    path("sessions/<int:pk>/helpers/", day_pages.helpers, name="helpers"),
    path("sessions/<int:pk>/walk-in/", day_pages.walk_in, name="walk_in"),
    path("sessions/<int:pk>/walk-in/undo/", day_pages.undo_walk_in, name="undo_walk_in"),
    # the day sheet
    path("sessions/<int:pk>/day-sheet/", sheet_pages.day_sheet, name="day_sheet"),
    path("day-sheets/<int:pk>/", sheet_pages.print_sheet, name="print_sheet"),
    path("day-sheets/<int:pk>/key/", sheet_pages.key_sheet, name="key_sheet"),
    # a consultation day
    path("courses/<int:pk>/consultations/", consulting_pages.consultations, name="consultations"),
    path("courses/<int:pk>/consultations/join/", consulting_pages.join, name="join_queue"),
    path("courses/<int:pk>/consultations/finish/", consulting_pages.finish, name="finish_turn"),
    path("courses/<int:pk>/consultations/absent/", consulting_pages.absent, name="absent"),
    path("consultations/<int:pk>/reopen/", consulting_pages.reopen, name="reopen_turn"),
]
