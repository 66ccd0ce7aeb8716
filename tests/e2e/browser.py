"""Chromium, headless, and the devices that a page must be good on."""

import contextlib
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from jeeves.provision.browser import REMEDY, found

WITHOUT = f"no Chromium is found on this machine. Run: {REMEDY}"
#: --no-sandbox: Chromium's own one does not work for root, nor in many containers, and the pages are ours.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "desktop-dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run it. Raises RuntimeError where there is none."""
    if (path := found()) is None:
        raise RuntimeError(WITHOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
