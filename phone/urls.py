from django.urls import path

from phone import today_pages, webhooks

app_name = "phone"
urlpatterns = [
    path("staff/", today_pages.today, name="today"),
    path("webhooks/twilio/sms/", webhooks.sms, name="sms"),
    path("webhooks/<path:rest>", webhooks.nowhere, name="nowhere"),
]
