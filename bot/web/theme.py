"""Colours of the utility, made readable: text on them always has enough contrast (WCAG 1.4.3)."""

from __future__ import annotations

Rgb = tuple[float, float, float]

_WHITE: Rgb = (1.0, 1.0, 1.0)
_BLACK: Rgb = (0.0, 0.0, 0.0)
_PAGE_LIGHT = "#f3f6f5"
_PAGE_DARK = "#1e2724"
#: A little more than the 4.5 of WCAG 1.4.3, since staff choose the colour by eye.
_READABLE = 5.0


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours ``#rrggbb``, between 1 and 21."""
    light, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(color: str, ground: str) -> str:
    """Return ``color`` moved towards black or white until it can be read on ``ground``."""
    target = _BLACK if _luminance(_rgb(ground)) > 0.18 else _WHITE  # noqa: PLR2004 - where black and white read alike
    for step in range(21):
        moved = _hex(_mix(_rgb(color), target, step / 20))
        if contrast(moved, ground) >= _READABLE:
            return moved
    return _hex(target)


def ink_on(ground: str) -> str:
    """Return black or white, whichever reads better on ``ground``."""
    return "#ffffff" if contrast("#ffffff", ground) >= contrast("#000000", ground) else "#000000"


def theme_css(color: str) -> str:
    """Return the style sheet that sets the utility's ``color`` (``#rrggbb``) for light and dark mode."""
    light, dark = readable_on(color, _PAGE_LIGHT), readable_on(color, _PAGE_DARK)
    mine_light = _hex(_mix(_rgb(color), _WHITE, 0.84))
    mine_dark = _hex(_mix(_rgb(color), _BLACK, 0.55))
    return (
        f":root{{--marca:{color};--sobre-marca:{ink_on(color)};--acento:{light};--mio:{mine_light};"
        f"--sobre-mio:{ink_on(mine_light)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--acento:{dark};--mio:{mine_dark};--sobre-mio:{ink_on(mine_dark)}}}}}\n"
    )


def _rgb(color: str) -> Rgb:
    return (int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255)


def _hex(color: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def _mix(color: Rgb, target: Rgb, share: float) -> Rgb:
    red, green, blue = (part + (goal - part) * share for part, goal in zip(color, target, strict=True))
    return (red, green, blue)


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's own numbers
        for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
