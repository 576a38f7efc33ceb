from django.urls import path

from programs import closing_pages, expense_pages, supplies, venue_import_pages, views

app_name = "programs"
urlpatterns = [
    path("programs/", views.program_list, name="programs"),
    path("programs/new/", views.new_program, name="new_program"),
    path("programs/<int:pk>/", views.program, name="program"),
    path("programs/<int:pk>/edit/", views.edit_program, name="edit_program"),
    path("programs/<int:pk>/invite/", views.invite, name="invite"),
    path("programs/<int:pk>/expenses/", expense_pages.expense_list, name="expenses"),
    path("programs/<int:pk>/expenses/new/", expense_pages.new_expense, name="new_expense"),
    path("expenses/<int:pk>/", expense_pages.edit_expense, name="edit_expense"),
    path("expenses/<int:pk>/remove/", expense_pages.remove_expense, name="remove_expense"),
    path("partnerships/<int:pk>/accept/", views.accept, name="accept"),
    path("partnerships/<int:pk>/decline/", views.decline, name="decline"),
    path("partnerships/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("curricula/", supplies.curriculum_list, name="curricula"),
    path("curricula/new/", supplies.new_curriculum, name="new_curriculum"),
    path("curricula/<int:pk>/", supplies.curriculum, name="curriculum"),
    path("curricula/<int:pk>/edit/", supplies.edit_curriculum, name="edit_curriculum"),
    path("venues/", supplies.venue_list, name="venues"),
    path("venues/new/", supplies.new_venue, name="new_venue"),
    path("venues/import/", venue_import_pages.import_page, name="import_venues"),
    path("closing-days/", closing_pages.closing_days, name="closing_days"),
    path("closing-days/add/", closing_pages.add, name="add_closing_days"),
    path("closing-days/remove/", closing_pages.remove, name="remove_closing_days"),
    path("venues/<int:pk>/", supplies.venue, name="venue"),
    path("venues/<int:pk>/edit/", supplies.edit_venue, name="edit_venue"),
]
