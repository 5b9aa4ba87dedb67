/** What is said over the counter's screen: the server is away, this is not live, what was just done or refused. */

import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";
import { actionWords } from "./action_words.js";

/** @import { State } from "./state.js" */

/**
 * @param {State} state
 * @param {() => void} abandon the command that waits for the server is not sent any more
 */
export function notices(state, abandon) {
  const told = state.notice && state.notice.until > Date.now() ? state.notice : null;
  return [
    connection(state, abandon),
    told
      ? el(
          "div",
          { class: "banner", role: "alert", "data-key": "notice", "data-testid": "notice" },
          icon("info"),
          el("p", {}, told.words()),
        )
      : null,
  ];
}

/**
 * @param {State} state
 * @param {() => void} abandon
 */
function connection({ running, denied, live }, abandon) {
  if (running?.waiting) {
    const action = actionWords(running.action);
    return el(
      "div",
      { class: "banner", "data-key": "waiting", "data-testid": "waiting-for-server" },
      icon("wifi-off"),
      el(
        "p",
        {},
        el("strong", {}, t("The server does not answer.")),
        " ",
        t("Your action “{action}” is kept and will be sent once, by itself.", { action }),
      ),
      el(
        "button",
        { class: "btn btn-sm btn-quiet", type: "button", "data-testid": "abandon", onClick: abandon },
        t("Do not send"),
      ),
    );
  }
  if (denied)
    return el(
      "div",
      { class: "banner banner-trouble", "data-key": "denied" },
      icon("circle-alert"),
      el("p", {}, problem("unauthenticated")),
    );
  if (live) return null;
  return el(
    "div",
    { class: "banner banner-notlive", "data-key": "not-live", "data-testid": "not-live" },
    icon("wifi-off"),
    el("p", {}, el("strong", {}, t("Not live.")), " ", t("What you see may be out of date; we keep trying.")),
  );
}
