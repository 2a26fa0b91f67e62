"""Addresses of the sandbox shop: oscar's at the root, the coupon endpoint beside them."""

from typing import Any

from django.apps import apps
from django.urls import include, path

shop: Any = apps.get_app_config("oscar")

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("wordmouth/", include("wordmouth_oscar.urls")),
    path("", include(shop.urls[0])),
]
