/**
 * One part of a screen, as `?part=kiosk.services&language=fr&mode=large,contrast` asks for. The server has put the screen's own page
 * around this script. `data-shown` on the root says that it is there; nothing moves any more.
 */
import { until } from "./edge.js";

const asked = new URLSearchParams(location.search);
const part = asked.get("part") ?? "";
const [screen, name] = part.split(".");
const { parts, show } = await import(`./${screen}.js`);
const modes = (asked.get("mode") ?? "").split(",").filter(Boolean);

if (Object.hasOwn(parts, name)) {
  // All letters first: what fits is measured once, and no picture is taken between two fonts.
  await Promise.all([...document.fonts].map((face) => face.load()));
  await show(parts[name](), { language: document.documentElement.lang, modes });
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frames();
  await document.fonts.ready;
  await until(() => [...document.querySelectorAll(".icon")].every((icon) => icon.firstChild));
  for (const animation of document.getAnimations()) {
    // At its end, where it has one; what would go on for ever is not there.
    if (animation.effect?.getComputedTiming().endTime === Infinity) animation.cancel();
    else animation.finish();
  }
  await frames();
  document.documentElement.dataset.shown = part;
} else {
  document.documentElement.dataset.shown = "none";
}
