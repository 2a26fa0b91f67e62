"""Makes the picture of the README from a running, fresh demo.

Start `make run` with an empty data folder, then:

    .venv/bin/python -m tests.journey.poster http://127.0.0.1:8000

It walks from the purchase to the friend's order and lays three pictures over each other.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.harness.browser import chromium
from tests.journey.people import BROWSER, Person

PICTURE = Path(__file__).parents[2] / "docs" / "screenshots" / "journey.png"

PAGE = """<!doctype html><style>
body {{ margin: 0; width: 1600px; height: 960px; position: relative; overflow: hidden;
  background: radial-gradient(circle at 78% 20%, #fbe3bd 0 17%, transparent 17.2%), #ecd3b9; }}
body::after {{ content: ""; position: absolute; inset: 790px 0 0; background: #27414a; }}
figure {{ margin: 0; position: absolute; z-index: 1; overflow: hidden; background: #fff;
  border-radius: 14px; box-shadow: 0 18px 36px #2b1d1633, 0 3px 8px #2b1d1626; }}
img {{ display: block; width: 100%; }}
.shop {{ inset-inline-start: 76px; top: 60px; width: 800px; height: 600px; }}
.portal {{ inset-inline-start: 440px; top: 196px; width: 800px; height: 722px; }}
.phone {{ inset-inline-start: 1196px; top: 84px; width: 340px; height: 736px; border-radius: 44px;
  border: 12px solid #2b1d16; }}
</style>
<figure class="shop"><img src="{shop}"></figure>
<figure class="portal"><img src="{portal}"></figure>
<figure class="phone"><img src="{phone}"></figure>
"""


def main(site: str) -> None:
    """Walk, take the pictures and lay them out."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        pictures = walk(browser, site)
        page = browser.new_page(viewport={"width": 1600, "height": 960})
        page.set_content(PAGE.format(**pictures))
        page.wait_for_function("[...document.images].every((one) => one.complete)")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


def walk(browser: Browser, site: str) -> dict[str, str]:
    """Ana buys and joins, Ben claims and buys; the three pictures as data addresses."""
    ana = come(browser, site, "ana@example.com", "Ana", "Saar", width=1280, height=990)
    ben = come(browser, site, "ben@example.com", "Ben", "Kask", width=390, height=844)
    ana.fill_basket("Tilk")
    ana.order()
    shop = picture(ana)
    ana.follow("Recommend us")
    ben.open(ana.become_advocate())
    ben.claim()
    ben.finds("Works once")
    phone = picture(ben)
    ben.follow("Shop now")
    ben.fill_basket("Põhjatuul", "Kruus")
    ben.order()
    ana.open("/s/kohvik/me")
    ana.finds("if nothing is sent back")
    ana.finds("1", ".tile:first-child")
    ana.page.evaluate("document.querySelector('.top').style.display = 'none'")
    ana.page.set_viewport_size({"width": 1280, "height": 1156})
    return {"shop": shop, "portal": picture(ana), "phone": phone}


def come(browser: Browser, site: str, email: str, first: str, last: str, **size: int) -> Person:
    """Somebody with a sharp screen of that size."""
    options: dict[str, Any] = {"viewport": size, "device_scale_factor": 2, "locale": "en-GB"}
    options |= {"reduced_motion": "reduce", "user_agent": BROWSER}
    return Person(browser.new_context(**options).new_page(), site, email, first, last)


def picture(person: Person) -> str:
    """What the person sees, as a data address."""
    return "data:image/png;base64," + base64.b64encode(person.page.screenshot()).decode()


if __name__ == "__main__":
    main(sys.argv[1])
