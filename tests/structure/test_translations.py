"""The English translation is whole, keeps every placeholder, is compiled, and is what an English reader gets."""

import ast
import gettext
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from django.utils.translation import templatize

from tests.translations import Entry, read_entries

BASE_DIR = Path(__file__).resolve().parents[2]
SOURCES = ("campaigns", "outreach", "popup_sites", "registry", "reports", "templates")
LOCALE = BASE_DIR / "locale"
KEYWORDS = (
    "gettext", "gettext_lazy", "gettext_noop", "ngettext:1,2", "ngettext_lazy:1,2",
    "pgettext:1c,2", "pgettext_lazy:1c,2", "npgettext:1c,2,3", "npgettext_lazy:1c,2,3",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%|</?\w+[^>]*>")


TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"}


@pytest.fixture
def language_back_again() -> Iterator[None]:
    """A request leaves its language active in the thread; the tests after this one expect Danish."""
    with translation.override(translation.get_language()):
        yield


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return _catalogue("en")


@pytest.fixture(scope="module")
def compiled() -> gettext.GNUTranslations:
    return _compiled("en")


def test_every_sentence_has_an_english_one(entries: list[Entry]) -> None:
    missing = [entry.singular for entry in entries if entry.is_unfinished]
    assert not missing, "translate in locale/en: " + " | ".join(missing)


def test_no_sentence_stands_twice(entries: list[Entry]) -> None:
    twice = [key for key, count in Counter(entry.key for entry in entries).items() if count > 1]
    assert not twice


def test_placeholders_and_tags_are_kept(entries: list[Entry]) -> None:
    changed = []
    for entry in entries:
        sources = [entry.singular, entry.plural or entry.singular]
        for source, target in zip(sources, entry.targets, strict=False):
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(target)):
                changed.append(f"{source} => {target}")
    assert not changed, "\n".join(changed)


def test_spaces_at_the_ends_are_kept(entries: list[Entry]) -> None:
    changed = [
        entry.singular
        for entry in entries
        if (entry.singular[:1].isspace(), entry.singular[-1:].isspace())
        != (entry.targets[0][:1].isspace(), entry.targets[0][-1:].isspace())
    ]
    assert not changed


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = {key: target for entry in _catalogue(language) for key, target in entry.catalogue_items()}
    in_use = {key: target for key, target in _compiled(language)._catalog.items() if key != ""}  # type: ignore[attr-defined]
    assert in_use == written, "run: manage.py compilemessages"


def test_plural_forms_choose_between_one_and_more(compiled: gettext.GNUTranslations) -> None:
    assert [compiled.plural(number) for number in (0, 1, 2, 21)] == [1, 0, 1, 1]  # type: ignore[attr-defined]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs GNU gettext")
def test_every_sentence_in_the_code_is_in_the_catalogue(entries: list[Entry], tmp_path: Path) -> None:
    used = {entry.key for entry in read_entries(_extract(tmp_path))}
    known = {entry.key for entry in entries}
    assert not used - known, "run makemessages as docs/design.md says, and translate"


def test_functions_that_mark_sentences_keep_names_the_tools_know() -> None:
    """`gettext as _now` would hide its sentences from makemessages."""
    renamed = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (?!_$)\w+", re.MULTILINE)
    hidden = [str(path.relative_to(BASE_DIR)) for path in _files(".py") if renamed.search(path.read_text("utf-8"))]
    assert not hidden


@pytest.mark.django_db
@pytest.mark.usefixtures("language_back_again")
@pytest.mark.parametrize(("language", "words"), [("en", "Log in"), ("da", "Log ind")])
def test_the_log_in_page_speaks_the_language_of_the_cookie(
    client: Client, settings: LazySettings, language: str, words: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/log-ind/").content.decode()
    assert f'<html lang="{language}"' in page
    assert _texts("h1", page) == [words]
    assert _texts("button", page)[:3] == ["Dansk", "English", words]
    assert ("Kan du ikke logge ind?" in page) is (language == "da")


@pytest.mark.django_db
@pytest.mark.usefixtures("language_back_again")
def test_the_switch_of_language_is_remembered(client: Client) -> None:
    client.post("/sprog/", {"language": "en", "next": "/log-ind/"})
    assert _texts("h1", client.get("/log-ind/").content.decode()) == ["Log in"]


def _texts(tag: str, page: str) -> list[str]:
    """The text in each element of a kind, without tags inside it."""
    inside = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in inside]


def _catalogue(language: str) -> list[Entry]:
    return read_entries((LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8"))


def _compiled(language: str) -> gettext.GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _files(suffix: str) -> list[Path]:
    found = (path for folder in SOURCES for path in (BASE_DIR / folder).rglob(f"*{suffix}"))
    return sorted(path for path in found if "migrations" not in path.parts)


def _extract(folder: Path) -> str:
    """Every sentence of the code and the templates, as a catalogue."""
    paths = list(map(str, _files(".py")))
    for number, template in enumerate(_files(".html")):
        copy = folder / f"template{number}.py"
        copy.write_text(templatize(template.read_text("utf-8"), origin=template.name), encoding="utf-8")
        paths.append(str(copy))
    names = folder / "names"
    names.write_text("\n".join(paths), encoding="utf-8")
    keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-location", "--no-wrap", "--output=-"]
    # xgettext warns about sentences used with and without plural; the catalogue holds both.
    done = subprocess.run(
        [*command, "--keyword=_", *keywords, f"--files-from={names}"], capture_output=True, check=True, cwd=folder
    )
    return done.stdout.decode()


def test_no_sentence_hides_in_a_formatted_string() -> None:
    """The extractor does not read inside f-strings: such a sentence would stay Danish without anybody noticing."""
    hidden = [
        f"{path.relative_to(BASE_DIR)}:{call.lineno}"
        for source in SOURCES
        for path in sorted((BASE_DIR / source).rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TRANSLATES
    ]
    assert not hidden
