/** Names of offices as they are told apart: what nearly all of them begin or end with is said once, above them. */

/**
 * @typedef {object} Told
 * @property {string} shared the words that stand once, with a dash of dots where the name goes on; "" when there are none
 * @property {{id: string, name: string, short: string}[]} offices in the order of what tells them apart
 */

const FEWEST = 3; // names that share words; with fewer nothing is gained
const OF = /^(?:de |d['’]|du |des )/; // French: what belongs to the shared words, not to the town

/**
 * @param {{id: string, name: string}[]} offices names in the page's language
 * @param {string} language for the order
 * @returns {Told}
 */
export function told(offices, language) {
  const names = offices.map(({ name }) => name);
  const head = mostShared(names, (words, n) => words.slice(0, n).join(" "));
  const tail = head ? "" : mostShared(names, (words, n) => words.slice(-n).join(" "));
  const short = (/** @type {string} */ name) => {
    if (head && name.startsWith(`${head} `)) return name.slice(head.length + 1).replace(OF, "");
    return tail && name.endsWith(` ${tail}`) ? name.slice(0, -tail.length - 1) : name;
  };
  return {
    shared: head ? `${head.replace(/,$/, "")} …` : tail ? `… ${tail}` : "",
    offices: offices
      .map((office) => ({ ...office, short: short(office.name) }))
      .sort((one, other) => one.short.localeCompare(other.short, language)),
  };
}

/**
 * The most words that at least half of the names, and three, begin or end with; each goes on after them.
 * @param {string[]} names
 * @param {(words: string[], n: number) => string} part
 */
function mostShared(names, part) {
  let best = "";
  for (let n = 1; ; n += 1) {
    /** @type {Map<string, number>} */
    const counted = new Map();
    for (const words of names.map((name) => name.split(" "))) {
      if (words.length > n) counted.set(part(words, n), (counted.get(part(words, n)) ?? 0) + 1);
    }
    const [most, count] = [...counted].reduce((one, other) => (other[1] > one[1] ? other : one), ["", 0]);
    if (count < FEWEST || count * 2 < names.length) return best;
    best = most;
  }
}
