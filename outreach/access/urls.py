from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("rolle/", views.switch_role, name="switch_role"),
    path("api-noegler/", views.api_keys, name="api_keys"),
    path("api-noegler/spaer/", views.api_key_revoke, name="api_key_revoke"),
]
