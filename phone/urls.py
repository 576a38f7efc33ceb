from django.urls import path

from phone import today_pages

app_name = "phone"
urlpatterns = [
    path("staff/", today_pages.today, name="today"),
]
