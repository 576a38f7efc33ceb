from django.urls import path

from sessions import feed_pages

urlpatterns = [
    path("my-calendar/", feed_pages.my_feed, name="my_feed"),
    path("my-calendar/new-address/", feed_pages.new_address, name="new_address"),
    path("my-calendar/close/", feed_pages.close_feed, name="close_feed"),
]
