/** A counter's commands and pauses in words. */

import { isolate, t } from "/static/shared/i18n.js";

/**
 * A command in words, for "we go on with: …" and "… is kept".
 * @param {string} action
 */
export function actionWords(action) {
  switch (action) {
    case "open":
      return t("Open counter");
    case "pause":
      return t("Break");
    case "close":
      return t("Close counter");
    case "call-next":
      return t("Next");
    case "recall":
      return t("Recall");
    case "start":
      return t("Start");
    case "finish":
      return t("Finish");
    case "no-show":
      return t("No-show");
    case "park":
      return t("Set aside");
    case "resume":
      return t("Brought back");
    case "transfer":
      return t("Sent on");
    case "add-service":
      return t("Service added");
    case "note":
      return t("Note kept");
    case "scan":
      return t("Start");
    case "undo":
      return t("Undo");
    case "reprint":
      return t("Print again");
    default:
      return "";
  }
}

/**
 * What has been done to a visitor, behind "Number 31: …", where it can be undone.
 * @param {string} action
 */
export function doneWords(action) {
  switch (action) {
    case "call-next":
      return t("called");
    case "recall":
      return t("called again");
    case "start":
    case "scan":
      return t("service started");
    case "finish":
      return t("finished");
    case "no-show":
      return t("did not come");
    case "park":
      return t("set aside");
    case "resume":
      return t("brought back");
    case "transfer":
      return t("sent on");
    default:
      return actionWords(action);
  }
}

/**
 * Why a counter pauses. Codes of the tablet's own list; other words stand as they are.
 * @param {string} reason
 */
export function pauseReason(reason) {
  switch (reason) {
    case "prayer":
      return t("prayer");
    case "meal":
      return t("meal");
    case "material":
      return t("fetching papers or material");
    case "technical":
      return t("technical problem");
    default:
      return isolate(reason);
  }
}
