"""The addresses that Django answers; the doors in front of it are in `asgi.py`."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path

from wordmouth.api import granted
from wordmouth.api.metrics import metrics
from wordmouth.api.urls import unknown

urlpatterns = [
    path("api/v1/", include("wordmouth.api.urls")),
    re_path(r"^api(?:/.*)?$", unknown),
    path("metrics", metrics),
    path("connect/woocommerce", granted.woocommerce),
    path("desk", include("wordmouth.dashboard.urls")),
    path("", include("wordmouth.storefront.urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("wordmouth_demo.urls")))
