"""Copy what the screens need from `node_modules/` to `checkin_server/shared/static/vendor/`.

Screens load everything from our own origin: the Socket.IO client, the charting library, the reader of codes (only where
a kiosk's camera is used), fonts and icons. They come from npm by lock file and are never committed. A second run with
nothing changed does nothing: a stamp in the vendor folder keeps the hash of the lock file, of the list of icons and of
this script.

Run as `.venv/bin/python scripts/build_front.py`, by `make setup`.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "checkin_server" / "shared" / "static" / "vendor"

SCRIPTS = {
    "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    # As they lie in the package: the second is imported by the first as "../share.js".
    "zxing/reader/index.js": "zxing-wasm/dist/es/reader/index.js",
    "zxing/share.js": "zxing-wasm/dist/es/share.js",
}
BINARIES = {"zxing/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm"}

_FONTS = "@expo-google-fonts"
FONTS = {
    "IBMPlexSansArabic-400.ttf": f"{_FONTS}/ibm-plex-sans-arabic/400Regular/IBMPlexSansArabic_400Regular.ttf",
    "IBMPlexSansArabic-500.ttf": f"{_FONTS}/ibm-plex-sans-arabic/500Medium/IBMPlexSansArabic_500Medium.ttf",
    "IBMPlexSansArabic-600.ttf": f"{_FONTS}/ibm-plex-sans-arabic/600SemiBold/IBMPlexSansArabic_600SemiBold.ttf",
    "IBMPlexSansArabic-700.ttf": f"{_FONTS}/ibm-plex-sans-arabic/700Bold/IBMPlexSansArabic_700Bold.ttf",
    "NotoSans-400.ttf": f"{_FONTS}/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "NotoSans-600.ttf": f"{_FONTS}/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf",
    "NotoSans-700.ttf": f"{_FONTS}/noto-sans/700Bold/NotoSans_700Bold.ttf",
    "NotoSansTifinagh-400.ttf": f"{_FONTS}/noto-sans-tifinagh/400Regular/NotoSansTifinagh_400Regular.ttf",
}

# Names of https://lucide.dev icons, one a line: each `icon("name")` in a screen's script and each pictogram in config/.
ICON_LIST = ROOT / "scripts" / "icons.txt"
ICONS = tuple(ICON_LIST.read_text(encoding="utf-8").split())

# The library and those bundled into its file. A package's licence file is one of LICENSE_NAMES; fonts have their own.
LICENSED = (
    "socket.io-client",
    "@socket.io/component-emitter",
    "engine.io-client",
    "engine.io-parser",
    "socket.io-parser",
    "chart.js",
    "@kurkle/color",
    "lucide-static",
    "zxing-wasm",
    f"{_FONTS}/ibm-plex-sans-arabic",
    f"{_FONTS}/noto-sans",
    f"{_FONTS}/noto-sans-tifinagh",
)
LICENSE_NAMES = ("LICENSE_FONT", "LICENSE", "LICENSE.md")


class BuildError(Exception):
    """Something that should be in `node_modules/` is not; the message says what and what to do."""


def stamp_text() -> str:
    """Return what the stamp says when the vendor folder was built from this lock file by this script."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", ICON_LIST, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest() + "\n"


def is_current(vendor: Path) -> bool:
    """Tell whether `vendor` was built from the present lock file and is complete."""
    stamp = vendor / ".stamp"
    if not stamp.is_file() or stamp.read_text() != stamp_text():
        return False
    expected = [*SCRIPTS, *BINARIES, "LICENSES.txt", *(f"fonts/{n}" for n in FONTS), *(f"icons/{n}.svg" for n in ICONS)]
    return all((vendor / name).is_file() for name in expected)


def read(relative: str) -> bytes:
    """Read a file of `node_modules/`.

    Raises:
        BuildError: it is not there: npm has not run, or the package renamed it.
    """
    path = MODULES / relative
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BuildError(
            f"node_modules/{relative} is not there. Run `make setup`; if it did, its name changed"
        ) from None


def licenses() -> str:
    """Put together the licence of each library that is served, with its name and version."""
    parts = ["Riwaq's screens are built with these libraries, fonts and icons.\n"]
    for package in LICENSED:
        version = json.loads(read(f"{package}/package.json"))["version"]
        name = next((n for n in LICENSE_NAMES if (MODULES / package / n).is_file()), None)
        if name is None:
            raise BuildError(f"node_modules/{package} has no licence file ({', '.join(LICENSE_NAMES)})")
        text = read(f"{package}/{name}").decode("utf-8").strip()
        parts.append(f"{'=' * 80}\n{package} {version}\n{'=' * 80}\n{text}\n")
    # What zxing-wasm is compiled from has a licence that its package does not carry along.
    title = "zxing-cpp (compiled into zxing-wasm), https://github.com/zxing-cpp/zxing-cpp"
    parts.append(f"{'=' * 80}\n{title}\n{'=' * 80}\n{apache_license()}\n")
    return "\n".join(parts)


def apache_license() -> str:
    """Return the text of the Apache License 2.0, as the `packaging` library (of requirements.lock) brings it along."""
    found = [f for f in metadata.files("packaging") or () if f.name == "LICENSE.APACHE"]
    if not found:
        raise BuildError("the Python package packaging no longer carries LICENSE.APACHE")
    return found[0].read_text(encoding="utf-8").strip()


def build(vendor: Path) -> None:
    """Write a complete vendor folder beside `vendor`, then put it in its place.

    Raises:
        BuildError: a file or an icon does not exist; `vendor` is left as it was.
    """
    unknown = [name for name in ICONS if not (MODULES / "lucide-static" / "icons" / f"{name}.svg").is_file()]
    if unknown:
        raise BuildError(f"lucide-static has no icon named {', '.join(unknown)}. See scripts/icons.txt")

    fresh = ROOT / "build" / "vendor"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    (fresh / "icons").mkdir()
    for name, source in SCRIPTS.items():
        # The source map is not served, so nothing may ask for it.
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", read(source)))
    for name, source in BINARIES.items():
        (fresh / name).write_bytes(read(source))
    for name, source in FONTS.items():
        (fresh / "fonts" / name).write_bytes(read(source))
    for icon in ICONS:
        (fresh / "icons" / f"{icon}.svg").write_bytes(read(f"lucide-static/icons/{icon}.svg"))
    (fresh / "LICENSES.txt").write_text(licenses(), encoding="utf-8")
    (fresh / ".stamp").write_text(stamp_text())
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def main() -> int:
    """Build the vendor folder if it is not current; 0 if it is afterwards, 1 with a message if not."""
    try:
        if is_current(VENDOR):
            (VENDOR / ".stamp").touch()
        else:
            build(VENDOR)
            print(f"Copied the screens' libraries, fonts and icons to {VENDOR.relative_to(ROOT)}/")
    except BuildError as problem:
        print(f"riwaq: {problem}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
