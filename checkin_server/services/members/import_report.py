"""What an import says, in the language of who sent the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from checkin_server.domain.members import codes, encodings
from checkin_server.domain.members.folding import fold
from checkin_server.domain.members.member_list import Bad, MemberList, NotAList
from checkin_server.domain.plan import Plan
from checkin_server.services.members import import_words as words
from checkin_server.services.members.import_members import Outcome
from checkin_server.services.members.table import FileUnreadable, Table

_AS_WRITTEN = "--ids-as-written"
_IDS = ("member", "family")
_MOST_UNDERSTOOD = 40
_MOST_ALIKE = 10


class Report:
    """The words for one list of one venue.

    `language` is one of `import_words.LANGUAGES`. In Arabic what is inserted stands between marks that keep its own
    direction, else cells and names of files come out in another order.
    """

    def __init__(self, plan: Plan, language: str) -> None:
        self._plan = plan
        self._language = language
        self._at = words.LANGUAGES.index(language)

    def _say(self, three: tuple[str, str, str], **values: object) -> str:
        shown = {name: str(value) for name, value in values.items()}
        if self._language == "ar":
            shown = {name: f"\u2068{value}\u2069" if value.strip(" ،") else value for name, value in shown.items()}
        return three[self._at].format(**shown)

    def _listed(self, each: Iterable[str]) -> str:
        return words.SAID["comma"][self._at].join(each)

    def unreadable(self, path: Path, error: FileUnreadable) -> Iterator[str]:
        """Say why a file can't be read, and how it would be in each encoding that it might be in."""
        yield self._say(
            words.FILE[error.why],
            path=path,
            detail=error.detail,
            encoding=f"--encoding {'|'.join(error.readings) or 'NAME'}",
            csv="CSV UTF-8",
            xlsx="XLSX",
        )
        for encoding, samples in error.readings.items():
            yield self._say(words.SAID["reading"], encoding=encoding, samples=" ".join(samples))

    def not_a_list(self, path: Path, error: NotAList, table: Table) -> str:
        """Say what the header lacks."""
        columns = error.columns[:1] if error.why == "twice" else error.columns
        named = {name: three[self._at] for name, three in words.COLUMNS.items()}
        return self._say(
            words.FILE[error.why],
            path=path,
            columns=self._listed(named[column] for column in columns),
            known=self._listed(name for column, name in named.items() if "/" not in column),
            first=error.columns[1] if error.why == "twice" else "",
            second=error.columns[2] if error.why == "twice" else "",
            form=self.form(table),
        )

    def form(self, table: Table) -> str:
        """Say how a file was read."""
        if table.mark:
            mark = words.SAID["tab"][self._at] if table.mark == "\t" else f'"{table.mark}"'
            return self._say(words.SAID["between"], form=table.form, encoding=table.encoding, mark=mark)
        return self._say(words.SAID["of_sheet"], form=table.form, sheet=table.sheet)

    def before(self, table: Table, read: MemberList, *, dry_run: bool) -> Iterator[str]:
        """Say how the list was understood; words of it only in a dry run."""
        said = words.SAID
        yield self._say(said["read_as"], form=self.form(table))
        if table.samples and dry_run:
            samples = " ".join(table.samples)
            yield self._say(said["is_it_right"], encoding=table.encoding, samples=samples)
            yield self._say(said["if_wrong"], encoding=f"--encoding {'|'.join(encodings.ENCODINGS)}")
        if read.header_row > 1:
            yield self._say(said["header_row"], row=read.header_row)
        if read.ignored:
            yield self._say(said["ignored"], columns=self._listed(read.ignored))
        hidden = [header for letter, header in read.headers.values() if letter in table.hidden_columns]
        if hidden:
            yield self._say(said["hidden_columns"], columns=self._listed(hidden))
        if table.other_lists:
            yield self._say(said["other_lists"], sheets=self._listed(table.other_lists), sheet="--sheet")
        for column, word, meant, n in read.understood[:_MOST_UNDERSTOOD]:
            meanings = self._known(f"no_{column}".replace("needs", "need"))
            yield self._say(
                said["understood"], word=word, meant=self._listed(meanings[each] for each in meant) or "–", n=n
            )

        alike = _alike(read)
        if alike:
            shown = self._listed(f"{' = '.join(map(str, rows))}" for rows in alike[:_MOST_ALIKE])
            yield self._say(said["twice"], rows=shown + (" …" if len(alike) > _MOST_ALIKE else ""))

    def bad(self, read: MemberList, bad: Bad) -> str:
        """Say what is wrong with a row, and in which cell."""
        takes_ids = bad.column in _IDS
        and_as_written = self._say(words.SAID["and_as_written"], as_written=_AS_WRITTEN) if takes_ids else ""
        why = words.WHY[bad.why][self._at].format(
            detail=self._inserted(bad.detail),
            known=self._listed(self._known(bad.why).values()),
            letters=self._inserted(codes.LETTERS),
            as_written=self._inserted(_AS_WRITTEN),
            and_as_written=and_as_written,
        )
        if not bad.column:
            return words.SAID["bad_row"][self._at].format(row=bad.row, why=why)
        letter, header = read.headers.get(bad.column, ("", bad.column))
        return words.SAID["bad_cell"][self._at].format(
            row=bad.row, column=self._inserted(header), cell=self._inserted(f"{letter}{bad.row}"), why=why
        )

    def after(self, outcome: Outcome, *, skip_bad: bool) -> Iterator[str]:
        """Say what was done, or would be."""
        said = words.SAID
        refused = bool(outcome.bad) and not skip_bad
        counts = self._say(
            said["counts"],
            added=outcome.added,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            cards=outcome.cards,
            bad=outcome.skipped,
        )
        if outcome.done:
            yield said["taken_in"][self._at]
        elif refused:
            yield self._say(said["refused"], n=outcome.skipped, skip_bad="--skip-bad")
        elif outcome.nothing_new:
            empty = "nothing_good" if outcome.bad else "no_rows"
            yield said["nothing_new" if outcome.unchanged else empty][self._at]
        else:
            yield said["dry_run"][self._at]
            counts = said["would_be"][self._at].format(counts=counts)
        yield counts
        if outcome.revoked:
            yield self._say(said["revoked"], n=outcome.revoked)

    def _inserted(self, text: str) -> str:
        return f"\u2068{text}\u2069" if self._language == "ar" and text else text

    def _known(self, why: str) -> dict[str, str]:
        """What there is to choose from, as people call it."""
        if why == "no_category":
            return {each.id: each.name[self._language] for each in self._plan.categories.values()}
        if why == "no_unit":
            return {each.id: each.name[self._language] for each in self._plan.units.values()}
        if why == "no_locale":
            return {language: three[self._at] for language, three in words.LANGUAGE_NAMES.items()}
        if why == "no_need":
            return {need: three[self._at] for need, three in words.NEEDS.items()}
        return {}


def _alike(read: MemberList) -> list[list[int]]:
    """Rows of people who have the same name, however it is spelt, and the same category and unit."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for entry in read.entries:
        names = fold(entry.name_la or ""), fold(entry.name_ar or "")
        rows.setdefault((*names, entry.category, entry.unit), []).append(entry.row)
    return [alike for alike in rows.values() if len(alike) > 1]
