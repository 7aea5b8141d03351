"""Logging in and out, and whose data one looks at."""

from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.urls import path, reverse_lazy

from colisage.people import views
from colisage.people.forms import LogInForm

urlpatterns = [
    path(
        "people/log-in",
        LoginView.as_view(
            template_name="people/log_in.html", authentication_form=LogInForm, redirect_authenticated_user=True
        ),
        name="log-in",
    ),
    path("people/log-out", LogoutView.as_view(), name="log-out"),
    path(
        "people/me",
        PasswordChangeView.as_view(template_name="people/profile.html", success_url=reverse_lazy("today")),
        name="profile",
    ),
    path("people/merchant", views.switch_merchant, name="switch-merchant"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/people", views.staff, name="staff"),
    path("settings/people/<int:user_id>/end", views.dismiss, name="staff-end"),
    path("settings/keys", views.keys, name="keys"),
    path("settings/keys/<int:key_id>/revoke", views.revoke, name="key-revoke"),
]
