/**
 * Showing the card to the kiosk's camera: a mirror with a frame to aim at. Nothing of the picture is kept or sent.
 *
 * The reader of codes (WebAssembly, from our own server) is loaded the first time somebody uses it. The camera is on only while the
 * dialog is open: it goes off with a code, with "Back", when the page is hidden, and when nobody is there any more.
 *
 * dialog#camera[data-camera=starting|looking|denied|missing|busy|failed]: [data-testid=camera-words], [data-testid=close-camera],
 * [data-testid=camera-keypad]; [data-testid=open-camera] on the attract screen.
 */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const READER = "/static/shared/vendor/zxing/";
const PAUSE = 60; // milliseconds between two looks; one takes about 10
const SIDE = 720; // pixels of the picture's middle that are looked at, at most

/**
 * Calls `onChange(there)` with whether this machine has a camera that the page may ask for, now and whenever that changes.
 * @param {(there: boolean) => void} onChange
 */
export function watchCameras(onChange) {
  const { mediaDevices } = navigator; // there in a secure context only
  if (!mediaDevices?.enumerateDevices) return;
  const look = () =>
    mediaDevices.enumerateDevices().then(
      (all) => onChange(all.some(({ kind }) => kind === "videoinput")),
      () => onChange(false),
    );
  mediaDevices.addEventListener("devicechange", look);
  look();
}

/** @typedef {(picture: ImageData) => Promise<{text: string}[]>} Reader */

/** @type {Promise<Reader> | null} */
let reader = null;

/**
 * Loads the reader of codes, once; a load that failed is tried again the next time.
 * @returns {Promise<Reader>}
 */
function loadReader() {
  reader ??= import(`${READER}reader/index.js`)
    .then(async ({ prepareZXingModule, readBarcodes }) => {
      // Without this it would ask a server on the internet for its binary.
      await prepareZXingModule({
        overrides: { locateFile: (/** @type {string} */ name) => READER + name },
        fireImmediately: true,
      });
      return (/** @type {ImageData} */ picture) =>
        readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    })
    .catch((error) => {
      reader = null;
      throw error;
    });
  return reader;
}

/**
 * Opens the dialog `dialog` and the camera.
 *
 * @param {HTMLDialogElement} dialog
 * @param {object} on
 * @param {(code: string) => void} on.onCode called with the first code that is seen
 * @param {() => void} on.onType called when somebody would rather type
 * @returns {{redraw: () => void, close: () => void}}
 */
export function openCamera(dialog, on) {
  const camera = new OpenCamera(dialog, on);
  camera.start();
  return camera;
}

class OpenCamera {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {{onCode: (code: string) => void, onType: () => void}} on
   */
  constructor(dialog, on) {
    this.dialog = dialog;
    this.on = on;
    this.state = "starting";
    /** @type {MediaStream | null} */
    this.stream = null;
    this.over = false;
    // The picture is put in once and left alone: an element that is moved stops playing.
    this.video = pictureOf();
    this.heading = el("h2", { id: "camera-title" });
    const aim = el("div", { class: "camera-aim", "aria-hidden": "true" });
    this.frame = el("div", { class: "camera-frame" }, this.video, aim);
    this.rest = el("div", { class: "camera-rest" });
    this.hidden = () => document.hidden && this.close();
    document.addEventListener("visibilitychange", this.hidden);
    replace(dialog, el("div", { class: "camera" }, this.heading, this.frame, this.rest));
    this.redraw();
    if (!dialog.open) dialog.showModal();
    /** @type {HTMLElement | null} */ (dialog.querySelector("[data-testid=close-camera]"))?.focus();
  }

  redraw() {
    const live = this.state === "starting" || this.state === "looking";
    this.dialog.dataset.camera = this.state;
    this.heading.textContent = t("Show your card to the camera");
    this.frame.hidden = !live;
    const close = () => this.close();
    const type = () => {
      this.close();
      this.on.onType();
    };
    patch(this.rest, said(this.state, live), foot(live, close, type));
  }

  close() {
    if (this.over) return;
    this.over = true;
    document.removeEventListener("visibilitychange", this.hidden);
    stop(this.stream);
    this.video.srcObject = null;
    this.dialog.close();
    replace(this.dialog);
  }

  /** @param {string} next */
  #become(next) {
    if (this.over) return;
    this.state = next;
    this.redraw();
  }

  async start() {
    const { video } = this;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(WANTED);
    } catch (error) {
      console.warn("camera:", error);
      return this.#become(TROUBLES[error instanceof Error ? error.name : ""] ?? "failed");
    }
    if (this.over) return stop(stream);
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.#become("missing")); // its cable was pulled
    video.classList.toggle("camera-mirror", track.getSettings().facingMode !== "environment");
    video.srcObject = stream;
    try {
      const [read] = await Promise.all([loadReader(), video.play()]);
      this.#become("looking");
      const code = await firstCode(video, read, () => !this.over && this.state === "looking");
      if (!code) return;
      this.close();
      this.on.onCode(code);
    } catch (error) {
      if (this.over) return;
      console.warn("camera:", error);
      stop(stream);
      this.#become("failed");
    }
  }
}

/** @type {MediaStreamConstraints} */
const WANTED = { audio: false, video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } } };
/**
 * What a browser's refusal means here.
 * @type {Record<string, string>}
 */
const TROUBLES = { NotAllowedError: "denied", NotFoundError: "missing", NotReadableError: "busy" };

/** @param {MediaStream | null} stream */
function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function pictureOf() {
  const video = el("video", {
    class: "camera-picture",
    muted: true,
    playsinline: true,
    tabindex: "-1",
    "aria-hidden": "true",
  });
  video.muted = true; // the attribute alone counts only when a parser has read it
  return video;
}

/**
 * Looks at the picture's middle until a code is seen; null when it is no longer `going`.
 * @param {HTMLVideoElement} video
 * @param {Reader} read
 * @param {() => boolean} going
 */
async function firstCode(video, read, going) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  while (going()) {
    const { videoWidth: width, videoHeight: height } = video;
    const side = Math.min(width, height);
    if (side) {
      canvas.width = canvas.height = Math.min(side, SIDE);
      pen.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
      const [found] = await read(pen.getImageData(0, 0, canvas.width, canvas.height));
      if (!going()) return null;
      if (found?.text) return found.text;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

/**
 * @param {string} state
 * @param {boolean} live
 */
function said(state, live) {
  return el(
    "p",
    { class: "lead camera-words", role: "status", dataset: { testid: "camera-words" } },
    live ? null : icon("camera-off"),
    el("span", {}, words(state)),
  );
}

/**
 * @param {boolean} live
 * @param {() => void} close
 * @param {() => void} type
 */
function foot(live, close, type) {
  return el(
    "div",
    { class: "camera-foot" },
    el(
      "button",
      { class: "btn btn-secondary btn-lg", type: "button", dataset: { testid: "close-camera" }, onclick: close },
      t("Back"),
    ),
    el(
      "button",
      {
        class: `btn btn-${live ? "secondary" : "primary"} btn-lg`,
        type: "button",
        dataset: { testid: "camera-keypad" },
        onclick: type,
      },
      icon("keyboard"),
      el("span", {}, t("Type the code")),
    ),
  );
}

/** @param {string} state */
function words(state) {
  switch (state) {
    case "starting":
      return t("The camera is being switched on…");
    case "looking":
      return t("Hold the square code of your card or ticket inside the frame.");
    case "denied":
      return t("This screen may not use its camera. Use the reader, or type the code of the card.");
    case "missing":
      return t("No camera is connected here. Use the reader, or type the code of the card.");
    case "busy":
      return t("Another program is using the camera. Use the reader, or type the code of the card.");
    default:
      return t("The camera does not work at the moment. Use the reader, or type the code of the card.");
  }
}
