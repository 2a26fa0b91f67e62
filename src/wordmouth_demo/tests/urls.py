"""The demo mounted as the project mounts it."""

from django.urls import include, path

urlpatterns = [path("demo/", include("wordmouth_demo.urls"))]
