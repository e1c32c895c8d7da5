"""Look at pages in Chromium, in the boards' own environment; JSON in, JSON out.

.venv-charts/bin/python integration_tests/lib/browser.py < visits.json

{"browser": "/usr/bin/chromium",
 "visits": [{"url": "file:///a/page.html", "width": 390, "choose": {"Segment": "smb"}}]}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# a drawing is scaled to its window: the size of a text is what it has on the screen
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('svg text')]
    .filter(text => text.textContent.trim() && text.checkVisibility())
    .map(text => [parseFloat(getComputedStyle(text).fontSize), text.getScreenCTM()])
    .map(([size, drawn]) => size * Math.hypot(drawn.a, drawn.b)))"""


def look(browser: Browser, visit: dict[str, Any]) -> dict[str, Any]:
    """What a reader and the console see on a page."""
    page = browser.new_page(viewport={"width": visit["width"], "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(visit["url"])
    page.wait_for_load_state()
    for label, choice in visit.get("choose", {}).items():
        page.get_by_role("combobox", name=label).last.focus()
        page.keyboard.press("Enter")
        page.get_by_role("option", name=choice, exact=True).click()
        page.wait_for_url(f"**{label.lower()}={choice}*")
        page.locator(f"[data-dbt-variable={label.lower()}][data-dbt-value={choice}]").wait_for()
    page.wait_for_timeout(300)
    seen = {
        "url": page.url,
        "errors": said,
        "requests": asked,
        "text": page.inner_text("body"),
        "page_width": page.evaluate("document.documentElement.scrollWidth"),
        "smallest_text": page.evaluate(SMALLEST_TEXT),
    }
    if folder := visit.get("screenshots"):
        name = f"{Path(page.url).stem}_{visit['width']}.png"
        page.screenshot(path=Path(folder) / name, full_page=True)
    page.close()
    return seen


def main() -> None:
    """Answer on standard output."""
    asked = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked["browser"], args=FLAGS)
        json.dump([look(browser, visit) for visit in asked["visits"]], sys.stdout)
        browser.close()


if __name__ == "__main__":
    main()
