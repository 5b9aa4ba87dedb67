/**
 * Keeps the page to itself: the back button leads nowhere, a page that the browser kept comes back empty, nothing can be dragged
 * onto it or zoomed. What only the browser can forbid (addresses, tools, printing) is in config/deploy.
 */

/**
 * Starts; `forget()` clears everything personal.
 * @param {() => void} forget
 */
export function lockDown(forget) {
  // Every step back lands on the entry before and is undone at once; both are this very page and say nothing.
  history.pushState(null, "");
  addEventListener("popstate", () => history.pushState(null, ""));
  // Cleared on the way out, so that no copy the browser keeps for "back" holds a visitor, and once more if one comes back.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", (event) => {
    if (event.persisted) forget();
  });
  for (const kind of ["contextmenu", "dragstart", "dragover", "drop"])
    addEventListener(kind, (event) => event.preventDefault());
  addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) event.preventDefault();
    },
    { passive: false },
  );
}
