from django.urls import path

from . import views

app_name = "access"
urlpatterns = [path("rolle/", views.switch_role, name="switch_role")]
