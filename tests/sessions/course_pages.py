"""What the page of a course says, and what a form says that was refused."""

from django.test import Client
from django.urls import reverse

from sessions.models import Course


def show(client: Client, course: Course) -> str:
    return client.get(reverse("sessions:course", args=[course.pk])).content.decode()


def errors_of(response) -> list[str]:
    return [sentence for errors in response.context["form"].errors.values() for sentence in errors]
