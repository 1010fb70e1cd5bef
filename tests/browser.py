"""A real browser for the tests: Chromium by its own protocol over a pipe, with nothing but the standard library.

By hand:  python -m tests.browser derivation.html --axe node_modules/axe-core/axe.min.js --pictures out

loads pages as a reader does, prints every request, console message and finding of axe, and takes pictures: light, dark,
as on a telephone, on paper.  `npm install axe-core` in any folder gives axe; the browser is Debian's `chromium`.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage", "--no-pings",
)  # fmt: skip
PATIENCE = 60.0  # seconds for one answer; a browser that needs more hangs
PHONE, DESK = (390, 844), (1300, 1000)
SERIOUS = ("serious", "critical")


def browser_path() -> str | None:
    """The browser that `BACKPROOF_BROWSER` names, or the first that is installed."""
    named = os.environ.get("BACKPROOF_BROWSER")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


def axe_path() -> Path | None:
    """The file `axe.min.js` that `BACKPROOF_AXE` names, or that of a `node_modules` here or above."""
    named = os.environ.get("BACKPROOF_AXE")
    here = Path.cwd()
    places = [Path(named)] if named else [up / "node_modules/axe-core/axe.min.js" for up in (here, *here.parents)]
    return next((place for place in places if place.is_file()), None)


class Browser:
    """A browser that runs as long as the `with` block; every page has its own state."""

    def __init__(self, program: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        down, self.down = os.pipe()
        self.up, up = os.pipe()
        flags = [*FLAGS, f"--user-data-dir={self.folder.name}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]

        def place() -> None:
            # The protocol is spoken over the file descriptors 3 and 4; both may be taken by the other's pipe.
            first, second = os.dup(down), os.dup(up)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [program, *flags], preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(down)
        os.close(up)
        self.answers: dict[int, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self.count = 0
        self.ended = False
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.down)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def _listen(self) -> None:
        waiting = b""
        while part := os.read(self.up, 1 << 20):
            *whole, waiting = (waiting + part).split(b"\0")
            with self.changed:
                for text in whole:
                    message = json.loads(text)
                    if "id" in message:
                        self.answers[message["id"]] = message
                    else:
                        self.events.append(message)
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def send(self, method: str, session: str = "", **given: Any) -> Any:
        """The result of one command; raises `RuntimeError` for an error, or where the browser is gone."""
        with self.changed:
            self.count += 1
            number = self.count
        message: dict[str, Any] = {"id": number, "method": method, "params": given}
        text = json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        while text:
            text = text[os.write(self.down, text) :]
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers or self.ended, PATIENCE):
                raise RuntimeError(f"the browser does not answer {method}")
            answer = self.answers.pop(number, {"error": {"message": "the browser ended"}})
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, path: Path, **how: Any) -> Page:
        """A page that has been loaded."""
        return Page(self, path, **how)


class Page:
    """One page: what it asked for, what it complained about, and what can be done with it."""

    def __init__(
        self, browser: Browser, path: Path, size: tuple[int, int] = DESK, dark: bool = False, before: str = ""
    ) -> None:
        self.browser, self.url = browser, path.resolve(strict=True).as_uri()
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.target = target
        for area in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.send(f"{area}.enable")
        if before:
            self.send("Page.addScriptToEvaluateOnNewDocument", source=before)
        wishes = {"prefers-color-scheme": "dark" if dark else "light", "prefers-reduced-motion": "reduce"}
        self.send("Emulation.setEmulatedMedia", features=[{"name": one, "value": wishes[one]} for one in wishes])
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.resize(size)
        browser.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.send("Page.navigate", url=self.url)
        with browser.changed:
            loaded = browser.changed.wait_for(lambda: self._events("Page.loadEventFired"), PATIENCE)
        if not loaded:
            raise RuntimeError(f"{self.url} was not loaded")

    def send(self, method: str, **given: Any) -> Any:
        """One command to this page."""
        return self.browser.send(method, self.session, **given)

    def close(self) -> None:
        """Close the page."""
        self.browser.send("Target.closeTarget", targetId=self.target)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        width, height = size
        phone = width < 500
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
                  mobile=phone)  # fmt: skip

    def _events(self, *methods: str) -> list[dict[str, Any]]:
        return [one["params"] for one in self.browser.events
                if one.get("sessionId") == self.session and one["method"] in methods]  # fmt: skip

    @property
    def requests(self) -> list[str]:
        """Every address that was asked for, the page's own among them."""
        return [one["request"]["url"] for one in self._events("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console, of scripts and of the policy."""
        thrown = [one["exceptionDetails"]["text"] for one in self._events("Runtime.exceptionThrown")]
        logged = [one["entry"]["text"] for one in self._events("Log.entryAdded")]
        said = [str(one["args"]) for one in self._events("Runtime.consoleAPICalled") if one["type"] != "log"]
        return thrown + logged + said

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        found = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return found["result"].get("value")

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of the first element that can be seen, moved into view."""
        script = f"""(() => {{
          const part = [...document.querySelectorAll({json.dumps(selector)})].find(one => one.getClientRects().length);
          part.scrollIntoView({{block: "center", behavior: "instant"}});
          const box = part.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }})()"""
        x, y = self.evaluate(script)
        return x, y

    def hover(self, selector: str) -> None:
        """Move the pointer over an element."""
        x, y = self.middle(selector)
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector: str) -> None:
        """Click on an element."""
        x, y = self.middle(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press and release a key where the focus is."""
        code = {"Enter": 13, "Tab": 9, "Escape": 27}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      **(text if kind == "keyDown" else {}))  # fmt: skip

    def picture(self, path: Path, whole: bool = True) -> None:
        """A picture of the page, to its end."""
        found = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(found["data"]))

    def paper(self, path: Path) -> None:
        """The page as a PDF, as a printer would have it."""
        path.write_bytes(base64.b64decode(self.send("Page.printToPDF", printBackground=False)["data"]))

    def axe(self, source: Path) -> list[dict[str, Any]]:
        """What axe finds: violations of WCAG 2.2 A and AA and of good practice."""
        self.evaluate(source.read_text(encoding="utf-8") + "\n;undefined")
        return list(self.evaluate("axe.run(document, {resultTypes: ['violations']}).then(one => one.violations)"))


def main() -> int:
    """The command; 1 where a page asked for something, complained, or axe found something serious."""
    asked = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__.split("\n\n")[0])
    asked.add_argument("pages", nargs="+", type=Path)
    asked.add_argument("--axe", type=Path, default=axe_path(), help="axe.min.js")
    asked.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    given = asked.parse_args()
    program = browser_path()
    if program is None:
        sys.exit(f"no browser was found; one of {', '.join(PROGRAMS)} is looked for, or BACKPROOF_BROWSER names it")
    with Browser(program) as browser:
        return max([_report(browser, path, given.axe, given.pictures) for path in given.pages])


def _report(browser: Browser, path: Path, axe: Path | None, pictures: Path | None) -> int:
    wrong = 0
    for name, size, dark in (("light", DESK, False), ("dark", DESK, True), ("phone", PHONE, False)):
        page = browser.page(path, size=size, dark=dark)
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            page.picture(pictures / f"{path.stem}-{name}.png")
        found = page.axe(axe) if axe else []
        foreign = [url for url in page.requests if url != page.url and not url.startswith("data:")]
        for line in [*(f"asks for {url}" for url in foreign), *page.complaints]:
            print(f"{path.name} {name}: {line}")
        for one in found:
            print(
                f"{path.name} {name}: axe, {one['impact']}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:150]}"
            )
        wrong += len(foreign) + len(page.complaints) + sum(one["impact"] in SERIOUS for one in found)
        if pictures and name == "light":
            page.paper(pictures / f"{path.stem}.pdf")
        page.close()
    print(f"{path.name}: {'no finding' if not wrong else f'{wrong} findings'}{'' if axe else ' (without axe)'}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
