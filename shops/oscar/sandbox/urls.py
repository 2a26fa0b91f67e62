"""Addresses of the sandbox shop: oscar's at the root, the coupon endpoint beside them."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("wordmouth/", include("wordmouth_oscar.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
