/** What the log's kinds and codes mean, for who reads who looked at whom. */
import { isolate, t } from "/static/shared/i18n.js";

/** @import { AuditEntry } from "api" */

/**
 * What sort of thing was done, where its kind has no words of its own.
 * @param {AuditEntry["sort"]} sort
 */
function sortWords(sort) {
  switch (sort) {
    case "looked":
      return t("Looked at somebody");
    case "let_in":
      return t("Let somebody in");
    case "refused":
      return t("Refused at the door");
    case "visit":
      return t("Something of a visit was changed");
    case "served":
      return t("Worked at a counter");
    case "data":
      return t("The member list or a card was changed");
    case "rights":
      return t("A member's right was served");
    case "access":
      return t("Accounts, PINs or devices");
    default:
      return t("The day or the plan");
  }
}

/**
 * What happened; a kind that has no words of its own is named by its sort and as docs/events.md names it.
 * @param {string} kind
 * @param {AuditEntry["sort"]} sort
 */
// size: one case a kind, read side by side
export function happened(kind, sort) {
  switch (kind) {
    case "members_searched":
      return t("Looked for members by name");
    case "visit_looked_up":
      return t("Opened a visit by its number");
    case "visit_seen_again":
    case "member_admitted":
      return t("Card shown");
    case "visitor_called":
      return t("Called a visitor");
    case "notes_read":
      return t("Read notes on a visit");
    case "member_exported":
      return t("Read or saved all that is known");
    case "member_erased":
      return t("A member was erased");
    case "card_issued":
    case "card_issued_at_desk":
      return t("Made a new card");
    case "card_printed":
      return t("Fetched a card to print");
    case "walked_in":
      return t("Let in without a card");
    case "member_registered":
      return t("Registered a member");
    case "searches_limited":
      return t("Stopped after too many searches");
    case "staff_signed_in":
      return t("Signed in");
    case "purged":
      return t("Personal data was forgotten");
    case "priority_given":
      return t("Gave priority");
    default:
      return `${sortWords(sort)} (${isolate(kind)})`;
  }
}

/**
 * Why, in words where it is one of the codes that screens send.
 * @param {string} reason
 */
export function reasonWords(reason) {
  switch (reason) {
    case "card_forgotten":
      return t("The card was forgotten");
    case "card_lost":
      return t("The card is lost or damaged");
    case "card_refused":
      return t("The card was refused");
    case "help_wanted":
      return t("The visitor asks for help");
    case "member_asks":
      return t("The member asks what is known");
    case "erasure_asked":
      return t("The member asks to be erased");
    case "correction_asked":
      return t("Something about the member is wrong");
    case "audit_check":
      return t("A look-up is being checked");
    default:
      return isolate(reason);
  }
}
