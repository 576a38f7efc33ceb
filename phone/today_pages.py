from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.middleware import StaffRequest
from accounts.rights import staff_page
from phone.today import today_of


@staff_page()
def today(request: StaffRequest) -> HttpResponse:
    return render(request, "today/today.html", {"today": today_of(request.membership), "now": timezone.now()})
