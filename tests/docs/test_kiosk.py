"""docs/kiosk.md lists the screens as the kiosk's own table has them."""

from __future__ import annotations

from scripts import doc_tables

PAGE = (doc_tables.ROOT / "docs" / "kiosk.md").read_text(encoding="utf-8")


def test_the_screens_are_those_of_the_kiosks_table() -> None:
    """Table and picture; run `python -m scripts.doc_tables` after a change of `kiosk/static/states.js`."""
    table = doc_tables.kiosk_states()
    assert doc_tables.between(PAGE, "kiosk states", doc_tables.kiosk_states_table(table)) == PAGE


def test_the_page_says_what_may_follow_any_screen() -> None:
    """The words above the table name what every screen may go to."""
    before = PAGE.partition("<!-- kiosk states: begin")[0].rpartition("## Its screens")[2]
    assert all(f"`{name}`" in before for name in doc_tables.kiosk_states()["always"])


def test_a_changed_table_is_noticed() -> None:
    """One arrow more is another page."""
    table = doc_tables.kiosk_states()
    table["states"]["numbers"]["next"].append("rate")
    assert doc_tables.between(PAGE, "kiosk states", doc_tables.kiosk_states_table(table)) != PAGE
