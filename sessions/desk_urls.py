from django.urls import path

from sessions import desk, desk_holds

app_name = "desk"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("count/", desk.count, name="count"),
    path("hold/", desk_holds.hold, name="hold"),
    path("release/", desk_holds.release, name="release"),
    path("register/", desk.take_application, name="register"),
    path("applications/<int:pk>/", desk.receipt, name="receipt"),
    path("applications/<int:pk>/cancel/", desk.cancel_application, name="cancel"),
    path("applications/<int:pk>/accept/", desk.accept, name="accept"),
    path("applications/<int:pk>/decline/", desk.decline, name="decline"),
]
