"""Accessibility checked by axe-core in the page itself, on the state that is on the screen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# EN 301 549 asks for WCAG up to 2.2 AA; "best-practice" adds landmarks and headings.
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice")

_RUN = """async ([tags, off, scope]) => {
  const rules = Object.fromEntries(off.map((id) => [id, { enabled: false }]));
  const { violations } = await axe.run(scope ?? document, {
    runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${help} | ${target.flat(9).join(" ")} | ${failureSummary.replace(/\\s+/g, " ")}`));
}"""

# A colour half-way through a fade is nobody's contrast: animations are finished before the page is looked at.
_SETTLE = """() => {
  for (const animation of document.getAnimations()) {
    const { endTime } = animation.effect?.getComputedTiming() ?? {};
    if (Number.isFinite(endTime)) animation.finish();
  }
}"""


@cache
def _source() -> str:
    if not _SOURCE.is_file():
        raise FileNotFoundError(f"{_SOURCE} is missing. Run `make setup`, which installs package-lock.json.")
    return _SOURCE.read_text(encoding="utf-8")


def violations(page: Page, *, without: tuple[str, ...] = (), scope: str | None = None) -> list[str]:
    """Return what axe-core finds wrong with the page as it is now, one line a node; an empty list when nothing is.

    Args:
        page: what to look at, in the state it is in.
        without: ids of rules that do not apply; say why where you call it.
        scope: a CSS selector to look at only a part of the page.

    Raises:
        FileNotFoundError: axe-core is not installed; the message names the remedy.
    """
    # Through the debugger and not as a script of the page: the pages' strict CSP stays as it is.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    page.evaluate(_SETTLE)
    found: list[str] = page.evaluate(_RUN, [list(_TAGS), list(without), scope])
    return found
