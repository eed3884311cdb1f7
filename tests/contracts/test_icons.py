"""Every icon that is used is in static/icons.svg, which is drawn from a package and contains no others."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from jinja2 import Environment, nodes

from tests import icons
from tests.support.actions import DISK, EVERY_ACTION, SNAPSHOT
from tests.support.cloud_rows import an_id
from tests.support.html import Page
from tests.support.pages import HERE
from volumes.actions import PageLink
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.templatetags.lists import Sorting

TEMPLATES = Path(settings.BASE_DIR) / "templates"
IN_DJANGO = re.compile(r"{%\s*icon\s+\"([\w-]+)\"\s*%}")


def in_file() -> list[str]:
    """The names of the icons in the file."""
    return [symbol["id"] for symbol in Page(icons.FILE.read_text()).select("symbol")]


def in_templates() -> set[str]:
    """The icons that templates name; the others come from Python."""
    named = {name for path in TEMPLATES.rglob("*.html") for name in IN_DJANGO.findall(path.read_text())}
    for path in TEMPLATES.rglob("*.jinja"):
        for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "icon":
                named |= {str(one.value) for one in call.args if isinstance(one, nodes.Const)}
    return named


def in_code() -> set[str]:
    """The icons of the actions, of the links in menus, and of the heads of columns."""
    of_links = {item.icon for item in DISK_ACTIONS if isinstance(item, PageLink)}
    of_heads = {Sorting(current, "").icon for current in ("", "none", "ascending", "descending")}
    return {action.icon for action in EVERY_ACTION} | of_links | of_heads


def test_the_file_is_what_the_package_draws() -> None:
    """After an update of the package, `make icons` draws it anew."""
    assert icons.FILE.read_text() == icons.sprite()


def test_every_icon_that_is_used_exists_and_none_is_unused() -> None:
    assert len(in_templates()) > 5
    assert sorted(in_templates() | in_code()) == sorted(in_file())


def test_each_icon_is_there_once_in_order() -> None:
    assert in_file() == sorted(set(icons.NAMES))


def test_the_file_holds_lines_only() -> None:
    """It has no style, script or colour of its own: lines have the colour of the text around them."""
    drawn = Page(icons.FILE.read_text())
    assert {one.tag for one in drawn.select("symbol *")} <= {"path", "circle", "rect", "line", "ellipse", "polyline"}
    allowed = {"d", "cx", "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "rx", "ry", "points"}
    assert {str(name) for one in drawn.select("symbol *") for name in one.node.attrib} <= allowed


@pytest.mark.usefixtures("one_of_each")
def test_pages_refer_to_the_file(signed_in: Client) -> None:
    known = {f"/static/icons.svg#{name}" for name in icons.NAMES}
    for path in ("disks/", "snapshots/", f"disks/{DISK}/", f"snapshots/{SNAPSHOT}/", f"disks/{an_id(99)}/"):
        page = Page(signed_in.get(f"{HERE}/{path}"))
        used = [one["href"] for one in page.select("svg.icon use")]
        assert used
        assert set(used) <= known, path
        assert {one["aria-hidden"] for one in page.select("svg.icon")} == {"true"}
