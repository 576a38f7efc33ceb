from django.urls import path

from sessions import board_pages, busy_pages, feed_pages

urlpatterns = [
    path("calendar/", board_pages.calendar, name="calendar"),
    path("my-calendar/", feed_pages.my_feed, name="my_feed"),
    path("my-calendar/new-address/", feed_pages.new_address, name="new_address"),
    path("my-calendar/close/", feed_pages.close_feed, name="close_feed"),
    path("venues/<int:pk>/busy/", busy_pages.busy, name="busy"),
    path("venues/<int:pk>/busy/import/", busy_pages.import_busy, name="import_busy"),
    path("busy/<int:pk>/remove/", busy_pages.remove_busy, name="remove_busy"),
]
