from django.urls import path

from phone import simulator_pages, thread_pages, today_pages, webhooks

app_name = "phone"
urlpatterns = [
    path("staff/", today_pages.today, name="today"),
    path("staff/threads/", thread_pages.thread_list, name="threads"),
    path("staff/threads/<int:pk>/", thread_pages.thread, name="thread"),
    path("staff/threads/<int:pk>/answer/", thread_pages.thread_answer, name="thread_answer"),
    path("staff/threads/<int:pk>/close/", thread_pages.thread_close, name="thread_close"),
    path("simulator/", simulator_pages.practice, name="simulator"),
    path("simulator/send/", simulator_pages.send, name="simulator_send"),
    path("simulator/deliver/", simulator_pages.deliver, name="simulator_deliver"),
    path("webhooks/twilio/sms/", webhooks.sms, name="sms"),
    path("webhooks/<path:rest>", webhooks.nowhere, name="nowhere"),
]
