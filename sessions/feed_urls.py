from django.urls import path

from sessions import feed_pages

app_name = "feeds"
urlpatterns = [
    path("calendar/municipality/<str:code>.ics", feed_pages.town, name="town"),
    path("calendar/<str:token>.ics", feed_pages.own, name="own"),
]
