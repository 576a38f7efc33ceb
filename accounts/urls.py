from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("town/", views.switch_town, name="switch_town"),
    path("settings/", views.settings, name="settings"),
    path("settings/population/", views.set_population, name="set_population"),
    path("settings/audit/", views.audit_list, name="audit"),
    path("settings/members/new/", views.new_member, name="new_member"),
    path("settings/members/<int:pk>/", views.member, name="member"),
    path("settings/members/<int:pk>/role/", views.change_member_role, name="change_role"),
    path("settings/members/<int:pk>/password/", views.set_member_password, name="set_password"),
    path("settings/members/<int:pk>/remove/", views.remove_town_member, name="remove_member"),
]
