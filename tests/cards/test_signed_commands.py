"""`riwaq cards keys|sign|revoked` where the list is: files for their owner only, numbers that stay, what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkin_server.cli import main
from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.members import signed
from checkin_server.domain.members.signed import Claims
from checkin_server.services.members.cose_card import Keys

LIST = (
    "member,name_ar,name_la,category,unit,locale\n"
    "A1,هبة,Hiba,active,rabat-prefecture,fr\n"
    "A2,يونس,Younes,retired,rabat-prefecture,ar\n"
)


class Office:
    """A folder with a list and a key, and the demo's plan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.members, self.key, self.register = folder / "m.csv", folder / "cards.key", folder / "cards.csv"
        self.members.write_text(LIST, encoding="utf-8")

    def run(self, *words: str, stdin: str = "") -> Result:
        """Run a command."""
        return CliRunner().invoke(main, ["cards", *words], input=stdin)

    def make_key(self) -> str:
        """Make a key without a passphrase; return the public one."""
        done = self.run("keys", "make", "--out", str(self.key), "--no-passphrase")
        assert done.exit_code == 0, done.output
        return done.output.split('public = "')[1].split('"')[0]

    def sign(self, *more: str) -> Result:
        """Sign the list's cards."""
        return self.run(
            "sign", str(self.members), "--key", str(self.key), "--register", str(self.register),
            "--out", str(self.folder / "cards.pdf"), "--codes", str(self.folder / "codes.csv"), *more,
        )  # fmt: skip

    def codes(self) -> dict[str, str]:
        """What was signed last, by member."""
        with (self.folder / "codes.csv").open(encoding="utf-8") as file:
            return {row["member"]: row["code"] for row in csv.DictReader(file)}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office; what is not named lies in its folder."""
    monkeypatch.chdir(tmp_path)
    return Office(tmp_path)


def read(public: str, code: str) -> Claims:
    """What a card says to whoever has the public key."""
    claims = Keys([CardKey(public)]).read(code)
    assert isinstance(claims, Claims)
    return claims


def test_a_list_s_cards_are_signed_and_printed_again_alike(office: Office) -> None:
    """The number stays with the member; --replace gives the next one, and ends the one before."""
    public = office.make_key()
    done = office.sign("--until", "2020-01-31")
    assert done.exit_code == 0 and "has no [[card_key]]" in done.output, done.output
    first = office.codes()
    assert [path.stat().st_mode & 0o077 for path in (office.key, office.register, office.folder / "codes.csv")] == [
        0
    ] * 3
    hiba = read(public, first["A1"])
    assert (hiba.turn, hiba.category, hiba.last_day, hiba.locale) == (1, "active", "2020-01-31", "fr")
    assert signed.meant(hiba.unit, ["rabat-prefecture"])
    assert not {"A1", "Hiba", "هبة"} & set(json.dumps(hiba.__repr__()).split("'"))
    assert office.sign("--until", "2020-01-31").exit_code == 0 and office.codes() == first
    assert office.sign("--until", "2020-01-31", "--replace", "A1").exit_code == 0
    again = read(public, office.codes()["A1"])
    assert set(office.codes()) == {"A1"}
    assert (again.turn, again.pseudonym) == (2, hiba.pseudonym) and again.card != hiba.card
    out = office.folder / "ended.txt"
    done = office.run("revoked", "--register", str(office.register), "--member", "A2", "--out", str(out))
    assert done.exit_code == 0
    assert out.read_text("ascii").split() == sorted([hiba.card, read(public, first["A2"]).card])
    assert "A1" not in out.read_text("ascii")
    assert office.sign("--until", "2020-01-31").exit_code == 0, "who lost a card gets another one"
    assert read(public, office.codes()["A2"]).turn == 2


def test_a_key_is_kept_under_its_passphrase(office: Office) -> None:
    """Asked for or read from a file; a wrong one, an open file and a key of another kind are refused."""
    done = office.run("keys", "make", "--out", str(office.key), "--passphrase-file", "-", stdin="long enough\n")
    assert done.exit_code == 0 and b"ENCRYPTED" in office.key.read_bytes()
    assert office.sign("--passphrase-file", "-").exit_code == 2, "no passphrase"
    (office.folder / "word").write_text("long enough", encoding="utf-8")
    assert office.sign("--passphrase-file", str(office.folder / "word")).exit_code == 0
    (office.folder / "word").write_text("wrong enough", encoding="utf-8")
    assert "passphrase is wrong" in office.sign("--passphrase-file", str(office.folder / "word")).output
    office.key.chmod(0o644)
    assert "chmod 600" in office.sign("--passphrase-file", str(office.folder / "word")).output


def test_nothing_is_overwritten_or_written_among_a_venue_s_data(office: Office) -> None:
    """Neither a key nor a register; without a passphrase the key lies on another medium."""
    office.make_key()
    assert "exists" in office.run("keys", "make", "--out", str(office.key), "--no-passphrase").output
    demo = office.folder / "demo"
    demo.mkdir()
    inside = office.run("keys", "make", "--out", str(demo / "k.key"), "--no-passphrase", "--dir", str(demo))
    assert inside.exit_code == 2 and "data folder" in inside.output
    beside = office.run("keys", "make", "--out", str(office.folder / "k.key"), "--no-passphrase", "--dir", str(demo))
    assert beside.exit_code == 2 and "another medium" in beside.output
    short = office.run("keys", "make", "--out", str(office.folder / "k.key"), "--passphrase-file", "-", stdin="short\n")
    assert short.exit_code == 2
    assert "no signed cards" in office.run("keys", "list", "--dir", str(demo)).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--member", "A9"), "A9 is not in the list"),
        (("--replace", "A1"), "no signed card in this register"),
        (("--from", "2020-02-01", "--until", "2020-01-31"), "can't count from"),
        (("--until", "2150-01-01"), "can't count from"),
    ],
)
def test_what_cannot_be_signed_leaves_no_file(office: Office, words: tuple[str, ...], said: str) -> None:
    """Nothing is written before everything is known to be right."""
    office.make_key()
    done = office.sign(*words)
    assert done.exit_code == 2 and said in done.output, done.output
    assert sorted(path.name for path in office.folder.iterdir()) == ["cards.key", "m.csv"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("active", "lost"),
        lambda text: text + text.splitlines()[1] + "\n",
        lambda text: text.replace("member,", "person,"),
        lambda text: "\n".join(line[:40] for line in text.splitlines()),
        lambda text: text + "x\n",
    ],
)
def test_a_register_that_was_damaged_is_refused_and_left_as_it_is(office: Office, damage: object) -> None:
    """A state that is none, a card that stands twice, another header, half a line."""
    assert callable(damage)
    office.make_key()
    assert office.sign().exit_code == 0
    bad = damage(office.register.read_text("utf-8"))
    office.register.write_text(bad, encoding="utf-8")
    done = office.sign()
    assert done.exit_code == 2 and str(office.register) in done.output
    assert office.register.read_text("utf-8") == bad


def test_a_list_of_ended_cards_with_a_wrong_line_ends_none(office: Office) -> None:
    """The line is named; remarks and empty lines are passed over."""
    from checkin_server.services.members.signed_cards import BadList, read_ids

    path = office.folder / "ended.txt"
    path.write_text("# those of Rabat\n\nR 0011 2233 4455 66AA  # lost\n00112233445566AB\n", encoding="utf-8")
    assert read_ids(path) == ["00112233445566AA", "00112233445566AB"]
    path.write_text("00112233445566AA\nM000012\n", encoding="utf-8")
    with pytest.raises(BadList, match="line 2"):
        read_ids(path)
