"""The calendar of all partner towns."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.middleware import StaffRequest
from accounts.rights import staff_page
from sessions.board import Board


@staff_page()
def calendar(request: StaffRequest) -> HttpResponse:
    return render(request, "sessions/calendar.html", {"board": Board(request.membership, request.GET)})
