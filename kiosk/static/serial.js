/**
 * A scanner on a serial line (USB-COM or RS-232), read through Web Serial.
 *
 * Which ports may be opened without asking is the browser's policy `SerialAllowUsbDevicesForUrls` (config/deploy); without it a
 * technician chooses the scanner once with Ctrl+Alt+S. A scanner that is pulled out and put back is picked up again by itself.
 * Browsers without Web Serial, and pages that are no secure context, simply have no serial scanner.
 */

const BAUD = 9600; // what scanners on RS-232 are set to when they are new; USB-COM ignores it
const QUIET = 100; // milliseconds after which a code without an end character is complete
const AGAIN = 2000; // milliseconds until a port that could not be opened is tried again
const SHORTEST = 8; // characters, as for scanners that type
const LONGEST = 256; // more in one piece is noise of a wrong speed

/**
 * Collects what a scanner sends into codes: ended by CR, LF or Tab, or by silence.
 *
 * @param {(text: string) => void} onCode called with each code, without control characters and spaces around it
 * @returns {(piece: string) => void} takes the next piece of text
 */
export function collector(onCode) {
  let text = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function done() {
    clearTimeout(timer);
    // Visible ASCII only: anything else is a wrong speed, or STX and ETX around the code.
    const code = text.replace(/[^\x20-\x7e]/g, "").trim();
    text = "";
    if (code.length >= SHORTEST && code.length <= LONGEST) onCode(code);
  }
  return (piece) => {
    clearTimeout(timer);
    for (const letter of piece) {
      if (letter === "\r" || letter === "\n" || letter === "\t") done();
      else text += letter;
    }
    if (text) timer = setTimeout(done, QUIET);
  };
}

/**
 * Reads every serial port this page may open and calls `onScan(code)`. The speed comes from the page's address (`?baud=115200`).
 *
 * @param {(code: string) => void} onScan
 * @returns {boolean} whether this browser can do it
 */
export function listenSerial(onScan) {
  // Web Serial: TypeScript does not know it, and not every browser has it.
  const { serial } = /** @type {any} */ (navigator);
  if (!serial) return false;
  const baudRate = Number(new URLSearchParams(location.search).get("baud")) || BAUD;
  const attended = new Map(); // from a port to the turn that reads it

  /** @param {any} port */
  async function attend(port) {
    if (attended.has(port)) return;
    const turn = Symbol("turn"); // a port that comes back at once begins a new one while the old one still ends
    attended.set(port, turn);
    while (attended.get(port) === turn) {
      try {
        await port.open({ baudRate });
        await read(port, collector(onScan));
      } catch (error) {
        console.warn("serial scanner:", error);
      }
      await port.close().catch(() => {});
      // Pulled out, or held by another program: the first is told by an event, the second is tried again.
      if (attended.get(port) === turn) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  serial.addEventListener("connect", (/** @type {Event} */ event) => attend(event.target));
  serial.addEventListener("disconnect", (/** @type {Event} */ event) => attended.delete(event.target));
  serial.getPorts().then((/** @type {any[]} */ ports) => ports.forEach(attend));
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey && event.altKey && event.code === "KeyS") || event.repeat) return;
    event.preventDefault();
    serial.requestPort().then(attend, () => {}); // closed without a choice
  });
  return true;
}

/**
 * @param {any} port
 * @param {(piece: string) => void} take
 */
async function read(port, take) {
  // A stream ends at an error of the line (noise, a break); the port then has a new one. It has none when it is gone.
  while (port.readable) {
    const reader = port.readable.getReader();
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        take(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      console.warn("serial scanner:", error);
    } finally {
      reader.releaseLock();
    }
  }
}
