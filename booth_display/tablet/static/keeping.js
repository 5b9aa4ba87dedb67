/**
 * What the browser keeps of a command that is under way, so that a reload can go on with it. Without the page.
 *
 * @typedef {object} Given a command of this counter
 * @property {string} action
 * @property {{[field: string]: any}} body
 * @property {string} id
 * @property {number} at when it was given, in ms
 * @property {string} [path] where to, when not to the counter's own address
 *
 * @typedef {Omit<Given, "body"> & {body: Given["body"] | null}} Kept as it is read back; without the body when that was private
 */

/** A command that a reload found unfinished is sent again only this long after it was given (ms). */
const FRESH_MS = 120_000;

/** What people typed or showed is not written to the browser's storage: with one of these a command lives in memory only. */
const PRIVATE = ["code", "text", "note", "referral"];

/**
 * What is written to the browser's storage while a command is under way.
 * @param {Given} command
 */
export function written({ action, body, id, at, path }) {
  const told = PRIVATE.some((name) => name in body);
  return JSON.stringify({ action, body: told ? null : body, id, at, path });
}

/**
 * What a reload finds: a command to send again (`kept`), or one that can't be sent again (`lost`): too old, or private.
 * @param {string | null} text what was written
 * @param {number} now in ms
 * @returns {{kept?: Given, lost?: Kept}}
 */
export function found(text, now) {
  /** @type {Kept | null} */
  let command = null;
  try {
    command = JSON.parse(text ?? "null");
  } catch {
    // Not ours or damaged: nothing to resume.
  }
  if (!command) return {};
  const { body } = command;
  return body && now - command.at < FRESH_MS ? { kept: { ...command, body } } : { lost: command };
}
