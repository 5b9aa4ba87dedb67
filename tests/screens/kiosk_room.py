"""What a state of the kiosk must have room for, looked at in the page itself."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Every visible piece of text is measured as it is drawn: inside the screen, inside the button or card it stands on, not
# under the offers' button in a tile's corner. What scrolls may hold more than fits, downwards only.
_CUT = """() => {
  const found = [];
  const shown = document.querySelector("dialog[open]") ?? document;
  const name = (node) => `${node.className || node.tagName} "${node.textContent.trim().slice(0, 40)}"`;
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than its screen");
  const walker = document.createTreeWalker(shown === document ? document.body : shown, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.nodeValue.trim() || !node.checkVisibility()) continue;
    if (node.closest(".visually-hidden, script, noscript, svg")) continue;
    if (shown === document && node.closest("dialog")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const card = node.closest("button, .headline, .banner, .leg, .offer, .panel, .card, .how li, .hall-waits li");
    const edge = card?.getBoundingClientRect();
    const scrolls = node.closest(".stage, .reach, .offers-all, dialog");
    const corner = node.closest(".tile-holder")?.querySelector(".tile-offers");
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const say = (words) => found.push(`${name(node)} ${words}`);
      if (box.left < -1 || box.right > innerWidth + 1) say("leaves the screen sideways");
      if (!scrolls && (box.top < -1 || box.bottom > innerHeight + 1)) say("leaves the screen");
      if (edge && (box.left < edge.left - 1 || box.right > edge.right + 1)) say(`leaves ${name(card)} sideways`);
      // Lines are taller than their letters: a third of a line may stand over.
      const over = box.height / 3;
      if (edge && (box.top < edge.top - over || box.bottom > edge.bottom + over)) say(`leaves ${name(card)}`);
      if (corner && !corner.contains(node)) {
        const other = corner.getBoundingClientRect();
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (across > 1 && down > over) say(`stands under the offers' button by ${Math.round(across)} px`);
      }
    }
  }
  return [...new Set(found)];
}"""

_TARGETS = """(low) => {
  const found = [];
  const shown = document.querySelector("dialog[open]") ?? document;
  for (const node of shown.querySelectorAll("button")) {
    if (!node.checkVisibility() || (shown === document && node.closest("dialog"))) continue;
    const box = node.getBoundingClientRect();
    const size = `${Math.round(box.width)}x${Math.round(box.height)}`;
    const name = `${node.className} "${node.textContent.trim().slice(0, 30)}" ${size}`;
    if (box.height < 63.5) found.push(`${name} is lower than 64`);
    if (box.width < 63.5) found.push(`${name} is narrower than 64`);
    const scrolled = node.closest(".reach, .offers-all");
    // What stands higher up in a list must come down into reach when the list is scrolled to its beginning.
    const inside = scrolled?.matches("ul") ? box.top + scrolled.scrollTop : box.top;
    const top = scrolled ? Math.max(inside, scrolled.getBoundingClientRect().top) : box.top;
    if (low && top < (innerHeight * 2) / 3 - 1) {
      found.push(`${name} is at ${Math.round((100 * top) / innerHeight)} % of the height`);
    }
  }
  return found;
}"""


def cut(page: Page) -> list[str]:
    """Return which texts do not fit where they stand, in words; an empty list when all is in its place."""
    found: list[str] = page.evaluate(_CUT)
    return found


def targets(page: Page, *, low: bool = False) -> list[str]:
    """Return which buttons are smaller than 64 px; with `low` also those that don't come into the lower third."""
    found: list[str] = page.evaluate(_TARGETS, low)
    return found


def modes(page: Page, *names: str) -> None:
    """Turn modes on (large, contrast, low, voice) and all others off, as the access panel does, and let it settle."""
    page.evaluate(
        """async (names) => {
          const modes = await import("/static/kiosk/modes.js");
          for (const name of ["large", "contrast", "low", "voice"]) modes.setMode(name, names.includes(name));
        }""",
        list(names),
    )


def settled(page: Page, language: str, size: tuple[int, int]) -> None:
    """Show the state in a language and at a size, drawn to the end."""
    if page.viewport_size != {"width": size[0], "height": size[1]}:
        page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(
        """async (language) => {
          const words = await import("/static/shared/i18n.js");
          if (words.lang() !== language) await (await import("/static/shared/language.js")).use(language);
          // Nobody touches the screen while it is measured, however long that takes.
          if (!document.querySelector("dialog#idle[open]")) (await import("/static/kiosk/idling.js")).poke();
          const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          // The buttons that scroll are placed in the frame after a drawing; a font is asked for by the first drawing
          // that needs it, and changes what fits.
          await frames();
          await document.fonts.ready;
          await frames();
        }""",
        language,
    )


def contrast(page: Page) -> list[str]:
    """Return what is under 7:1, by axe-core's own rule for it (which `violations` leaves out: it is WCAG AAA)."""
    found: list[Any] = page.evaluate(
        """async () => {
          const { violations } = await axe.run({ runOnly: { type: "rule", values: ["color-contrast-enhanced"] } });
          return violations.flatMap(({ nodes }) => nodes.map((node) => `${node.target} ${node.failureSummary}`));
        }"""
    )
    return [str(one) for one in found]
