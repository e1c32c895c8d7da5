"""Look at pages in Chromium.

look([{"url": "file:///a/page.html", "width": 390, "choose": {"Segment": "smb"}}])
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from install_browser import browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# a drawing is scaled to its window: the size of a text is what it has on the screen
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('svg text')]
    .filter(text => text.textContent.trim() && text.checkVisibility())
    .map(text => [parseFloat(getComputedStyle(text).fontSize), text.getScreenCTM()])
    .map(([size, drawn]) => size * Math.hypot(drawn.a, drawn.b)))"""


def seen_on(chromium: Browser, visit: dict[str, Any]) -> dict[str, Any]:
    """What a reader and the console see on a page."""
    page = chromium.new_page(viewport={"width": visit["width"], "height": 900})
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


def look(visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each page shows."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        return [seen_on(chromium, visit) for visit in visits]
