"""One count, one form: CLDR, the catalogues' headers, the server and the browser agree."""

from __future__ import annotations

import json
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from playwright.sync_api import Browser, Route

from checkin_server.domain.plan import LANGUAGES
from checkin_server.translations import Catalogues, plural_form
from checkin_server.translations.extract import PLURAL_FORMS, ROOT

COUNTS = range(201)
FORMS = {"ar": 6, "fr": 2, "zgh": 2, "en": 2}
# The names of CLDR's forms, in the order of our catalogues. CLDR has no rule for zgh.
CLDR = {
    "ar": {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 4, "other": 5},
    "fr": {"one": 0, "many": 1, "other": 1},
    "en": {"one": 0, "other": 1},
}


@pytest.mark.parametrize("language", CLDR)
def test_a_count_takes_the_form_that_cldr_says(language: str) -> None:
    """Arabic zero, one, two, 3-10, 11-99 and hundreds; French 0 with 1; English 1 alone."""
    rule = Locale(language).plural_form
    assert [plural_form(language, n) for n in COUNTS] == [CLDR[language][rule(n)] for n in COUNTS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogues_header_says_how_the_server_counts(language: str) -> None:
    """Tools of translators read the header; it must mean what the server does."""
    count, _, expression = PLURAL_FORMS[language].rstrip(";").partition("; plural=")
    rule = c2py(expression)
    assert count == f"nplurals={FORMS[language]}"
    assert [rule(n) for n in COUNTS] == [plural_form(language, n) for n in COUNTS]


def test_the_browser_takes_the_same_form_as_the_server(browser: Browser) -> None:
    """The screens' own `tn`, in Chromium, for every count and language."""
    scripts = {
        name: (ROOT / "checkin_server/shared/static" / name).read_text(encoding="utf-8")
        for name in ("i18n.js", "language.js")
    }

    def answer(route: Route) -> None:
        name = Path(route.request.url).name
        if name in scripts:
            route.fulfill(body=scripts[name], content_type="text/javascript")
        elif name.endswith(".json"):
            forms = [f"form {at}" for at in range(FORMS[name.removesuffix(".json")])]
            route.fulfill(body=json.dumps({"messages": {"a thing": forms}}), content_type="application/json")
        else:
            route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html")

    context = browser.new_context()
    try:
        page = context.new_page()
        page.route("http://riwaq.test/**", answer)
        page.goto("http://riwaq.test/")
        taken = page.evaluate(
            """async ([languages, counts]) => {
                const [{ tn }, { use }] = await Promise.all([import("/i18n.js"), import("/language.js")]);
                const taken = {};
                for (const language of languages) {
                    await use(language);
                    taken[language] = counts.map((n) => tn("a thing", "things", n));
                }
                return taken;
            }""",
            [list(LANGUAGES), list(COUNTS)],
        )
    finally:
        context.close()
    assert taken == {language: [f"form {plural_form(language, n)}" for n in COUNTS] for language in LANGUAGES}


def test_the_server_says_a_count_in_its_form() -> None:
    """Arabic's dual and its plural of few are other words than its plural of many."""
    words = Catalogues().words("ar")
    said = [words.ngettext("{n} person before you", "{n} people before you", n).format(n=n) for n in (2, 3, 11, 100)]
    assert said == ["شخصان قبلكم", "3 أشخاص قبلكم", "11 شخصا قبلكم", "100 شخص قبلكم"]


def test_the_screens_get_every_message_of_every_language() -> None:
    """No screen falls back to English words: all languages have the same messages."""
    catalogues = Catalogues()
    documents = {language: catalogues.messages(language) for language in LANGUAGES}
    assert {language: document["plural"] for language, document in documents.items()} == FORMS
    assert len(documents["ar"]["messages"]) > 300
    assert len({frozenset(document["messages"]) for document in documents.values()}) == 1
