"""What axe-core (MPL-2.0, https://github.com/dequelabs/axe-core) finds against WCAG 2.2 AA on a page as it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: Page) -> list[str]:
    """Return a line for every element at fault: the rule, where it is and why; frames of the page are looked into."""
    from axe_playwright_python.sync_playwright import Axe

    # What still appears is paler than it will be; endless movement (the dots of writing) is not waited for.
    page.wait_for_function("() => document.getAnimations().every((a) => a.effect.getTiming().iterations === Infinity)")
    # With the checks that passed too: a page on which nothing was checked must not count as a good one.
    options = {"runOnly": {"type": "tag", "values": list(_RULES)}, "resultTypes": ["violations", "passes"]}
    answer = Axe().run(page, options=options).response
    assert len(answer["passes"]) >= 10, [rule["id"] for rule in answer["passes"]]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
