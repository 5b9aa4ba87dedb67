/**
 * The highest number that this page has been told of a day. It says so with each request: where the server was set back to an older
 * copy and nothing else tells how far the numbers had come, the screens do, and no number is given twice. Kept as long as the page
 * stands, which a server that restarts does not end: no visit leaves anything in a browser.
 */

const DEEPEST = 8;

export class Shown {
  day = "";
  highest = 0;

  /**
   * The day that the server has open, with its database's name before it; numbers of another one count no more.
   * @param {string | null} day
   */
  on(day) {
    if (!day || day === this.day) return;
    this.day = day;
    this.highest = 0;
  }

  /**
   * What the server has said, whatever it is.
   * @param {unknown} data
   */
  hear(data) {
    if (this.day) this.highest = Math.max(this.highest, highest(data, DEEPEST));
  }

  /** "l_1/2019-12-27=217", or nothing. */
  said() {
    return this.highest ? `${this.day}=${this.highest}` : "";
  }
}

/**
 * The highest visit's number in an answer or a snapshot.
 * @param {unknown} data
 * @param {number} depth
 * @returns {number}
 */
function highest(data, depth) {
  if (data === null || typeof data !== "object" || depth === 0) return 0;
  let found = 0;
  for (const [name, value] of Object.entries(data))
    found = Math.max(found, name === "number" && Number.isInteger(value) ? value : highest(value, depth - 1));
  return found;
}
