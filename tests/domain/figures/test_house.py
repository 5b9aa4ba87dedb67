"""What else a day says: refusals, priorities, tickets, opinions, cases, decisions, offers."""

from __future__ import annotations

from dataclasses import replace

from checkin_server.domain.figures.dictionary import COLUMNS, DATASETS, FOR_OTHERS
from checkin_server.domain.figures.period import Beside
from checkin_server.domain.figures.report import rows_of
from checkin_server.domain.plan import LANGUAGES
from tests.domain.figures.hand import PLAN, Log

EVERY = (*DATASETS.values(), *FOR_OTHERS.values())


def test_every_column_is_explained_in_four_languages() -> None:
    """A name, a definition that is a sentence, a version; and no column that no dataset has."""
    used = {column.id for dataset in EVERY for column in dataset.columns}
    assert used == set(COLUMNS)
    for column in COLUMNS.values():
        assert set(column.name) == set(LANGUAGES) and all(column.name.values()), column.id
        assert column.definition.endswith(".") and column.version >= 1, column.id
        assert (column.unit == "") == (column.sort == "key"), column.id
    for dataset in EVERY:
        assert set(dataset.title) == set(LANGUAGES) and all(dataset.title.values()), dataset.name


def test_every_dataset_has_its_columns_in_the_dictionarys_order() -> None:
    """A day with nobody has its datasets too."""
    log = Log()
    for name, dataset in DATASETS.items():
        for row in rows_of(name, log.period()):
            assert list(row) == [column.id for column in dataset.columns], name


def test_refused_scans_are_counted_by_reason_and_by_where() -> None:
    """Two unknown cards at the door, one revoked one at a counter."""
    log = Log()
    for _ in range(2):
        log(1, "scan_refused", reason="unknown_card", known=False)
    log(2, "scan_refused", reason="revoked_card", known=True, counter="b1")
    assert log.row("refused", reason="unknown_card") == {
        "reason": "unknown_card",
        "where": "door",
        "refused": 2,
        "known": 0,
    }
    assert log.row("refused", reason="revoked_card")["known"] == 1
    assert log.one("glance", "refused") == 3


def test_priorities_are_counted_by_reason() -> None:
    """Given twice, taken back once: the minutes given stay given."""
    log = Log()
    log.come(0, "v1", "bank")
    log(1, "priority_given", "v1", reason="pregnant", minutes=15)
    log(2, "priority_taken_back", "v1", reason="pregnant", minutes=15)
    log(3, "priority_given", "v1", reason="pregnant", minutes=15)
    assert log.row("priorities") == {"reason": "pregnant", "given": 2, "taken_back": 1, "head_start": 30}


def test_a_ticket_is_counted_where_it_ended() -> None:
    """One printed after it was moved, one given without paper, one that nothing has come of yet."""
    log = Log()
    for job in ("j1", "j2", "j3"):
        log(1, "ticket_queued", "v1", job=job, printer="P1", kind="ticket")
    log(2, "ticket_moved", "v1", job="j1", printer="P2", **{"from": "P1"}, error="paper")
    log(3, "ticket_printed", "v1", job="j1", printer="P2", error=None)
    log(3, "ticket_failed", "v1", job="j2", printer="P1", error="paper")
    log(4, "number_handed_over", "v1", job="j2")
    first, second = log.row("tickets", printer="P1"), log.row("tickets", printer="P2")
    assert [first[name] for name in ("tickets", "handed_over", "queued", "failed")] == [2, 1, 1, 0]
    assert [second[name] for name in ("tickets", "printed", "moved")] == [1, 1, 1]


def test_one_visit_has_one_voice_on_a_service() -> None:
    """A second score replaces the first."""
    log = Log()
    log.come(0, "v1", "bank")
    log(1, "feedback_given", "v1", scores={"bank": 1}, text=True)
    log(2, "feedback_given", "v1", scores={"bank": 4}, text=False)
    row = log.row("opinions", service="bank")
    assert (row["scores"], row["score_1"], row["score_4"], row["score_median"]) == (1, 0, 1, 4)
    assert log.one("glance", "texts") == 1


def test_what_was_written_and_referred_comes_from_beside_the_log() -> None:
    """The same sentence is one row; a case whose subject is forgotten is a case all the same."""
    log = Log()
    log.come(0, "v1", "bank")
    referred = {"outcome": "referred", "office": "rabat-office"}
    log.at("b1", "bank", "v1", (1, "call"), (1, "start"))
    log(2, "service_finished", "v1", service="bank", counter="b1", **referred)
    assert log.row("referrals") == {"office": "rabat-office", "subject": "not_kept", "cases": 1}
    said = [("opinion", "fr", "Trop long."), ("proposal", "ar", "=1"), ("opinion", "fr", "Trop long.")]
    period = replace(log.period(), beside=Beside({}, said, [("rabat-office", "Crédit")]))
    assert rows_of("referrals", period) == [{"office": "rabat-office", "subject": "Crédit", "cases": 1}]
    assert [(row["text"], row["texts"]) for row in rows_of("words", period)] == [("Trop long.", 2), ("=1", 1)]


def test_stations_are_told_by_their_devices() -> None:
    """Admitted, seen again and numbered at one kiosk; a device of which nothing is known is no station."""
    log = Log()
    log.come(0, "v1", "bank")
    log(1, "services_chosen", "v1", added=(), dropped=(), back=(), party_size=1, first=True)
    log(2, "visit_seen_again", "v1")
    period = replace(log.period(), beside=Beside({"d_kiosk": "K1"}))
    (row,) = rows_of("kiosks", period)
    assert row == {"station": "K1", "admitted": 1, "seen_again": 1, "numbers": 1, "duplicates": 0, "refused": 0}
    assert rows_of("kiosks", log.period()) == []


def test_decisions_and_offers_are_counted() -> None:
    """An offer for children is shown to those arrivals alone whose category it is for."""
    offers = [
        {"id": "loan", "service": "bank", "categories": []},
        {"id": "savings", "service": "bank", "categories": ["child"]},
    ]
    log = Log(plan={**PLAN, "offers": offers})
    log.come(0, "v1", "bank")
    log.come(0, "v2", "advice")
    log(1, "last_tickets_set", service="bank", rule="stop", places=None, until=None, before=1)
    assert [(row["offer"], row["shown"]) for row in rows_of("offers", log.period())] == [("loan", 1), ("savings", 0)]
    row = log.row("last_tickets", service="bank")
    assert (row["rule_more"], row["rule_stop"], row["rule_automatic"]) == (0, 1, 0)
