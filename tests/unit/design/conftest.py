"""Draws template source with the project's own components, apart from every page's own addresses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

Draw = Callable[..., str]


@pytest.fixture(autouse=True)
def addresses_of_the_frame(settings: Any) -> None:
    """Only the addresses the frame itself links to."""
    settings.ROOT_URLCONF = "tests.unit.design.addresses"


@pytest.fixture
def draw() -> Draw:
    """Return `draw(source, **context)`: the HTML, with whitespace between words made single."""

    def render(source: str, request: HttpRequest | None = None, **context: Any) -> str:
        template = engines["django"].from_string(CottonCompiler().process(source))
        return " ".join(template.render(context, request or RequestFactory().get("/lister/?group=7")).split())

    return render
