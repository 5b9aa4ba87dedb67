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

/** Calls `onChange(there)` with whether this machine has a camera that the page may ask for, now and whenever that changes. */
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

let reader = null;

/** Loads the reader of codes, once; a load that failed is tried again the next time. */
function loadReader() {
  reader ??= import(`${READER}reader/index.js`)
    .then(async ({ prepareZXingModule, readBarcodes }) => {
      // Without this it would ask a server on the internet for its binary.
      await prepareZXingModule({ overrides: { locateFile: (name) => READER + name }, fireImmediately: true });
      return (picture) => readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    })
    .catch((error) => {
      reader = null;
      throw error;
    });
  return reader;
}

/**
 * Opens the dialog `dialog` and the camera; `onCode(code)` is called with the first code that is seen, `onType()` when somebody would
 * rather type.
 *
 * @returns `{redraw(), close()}`.
 */
export function openCamera(dialog, { onCode, onType }) {
  let state = "starting";
  let stream = null;
  let over = false;
  const video = el("video", {
    class: "camera-picture",
    muted: true,
    playsinline: true,
    tabindex: "-1",
    "aria-hidden": "true",
  });
  video.muted = true; // the attribute alone counts only when a parser has read it
  // The picture is put in once and left alone: an element that is moved stops playing.
  const heading = el("h2", { id: "camera-title" });
  const frame = el("div", { class: "camera-frame" }, video, el("div", { class: "camera-aim", "aria-hidden": "true" }));
  const rest = el("div", { class: "camera-rest" });

  function become(next) {
    if (over) return;
    state = next;
    redraw();
  }

  function close() {
    if (over) return;
    over = true;
    document.removeEventListener("visibilitychange", hidden);
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    dialog.close();
    replace(dialog);
  }

  function hidden() {
    if (document.hidden) close();
  }

  async function start() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      console.warn("camera:", error);
      return become(
        { NotAllowedError: "denied", NotFoundError: "missing", NotReadableError: "busy" }[error.name] ?? "failed",
      );
    }
    if (over) {
      for (const one of stream.getTracks()) one.stop();
      return;
    }
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => become("missing")); // its cable was pulled
    video.classList.toggle("camera-mirror", track.getSettings().facingMode !== "environment");
    video.srcObject = stream;
    try {
      const [read] = await Promise.all([loadReader(), video.play()]);
      become("looking");
      await look(read);
    } catch (error) {
      if (over) return;
      console.warn("camera:", error);
      for (const one of stream.getTracks()) one.stop();
      become("failed");
    }
  }

  async function look(read) {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    while (!over && state === "looking") {
      const { videoWidth: width, videoHeight: height } = video;
      const side = Math.min(width, height);
      if (side) {
        canvas.width = canvas.height = Math.min(side, SIDE);
        pen.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
        const [found] = await read(pen.getImageData(0, 0, canvas.width, canvas.height));
        if (over) return;
        if (found?.text) {
          close();
          onCode(found.text);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  function redraw() {
    const live = state === "starting" || state === "looking";
    dialog.dataset.camera = state;
    heading.textContent = t("Show your card to the camera");
    frame.hidden = !live;
    patch(
      rest,
      el(
        "p",
        { class: "lead camera-words", role: "status", dataset: { testid: "camera-words" } },
        live ? null : icon("camera-off"),
        el("span", {}, words(state)),
      ),
      el(
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
      ),
    );
  }

  function type() {
    close();
    onType();
  }

  document.addEventListener("visibilitychange", hidden);
  replace(dialog, el("div", { class: "camera" }, heading, frame, rest));
  redraw();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-testid=close-camera]").focus();
  start();
  return { redraw, close };
}

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
