"""``make icons``: draw static/icons.svg, the icons of all pages in one file, from the package ``lucide``.

Browsers load the file once and keep it; ``{% icon %}`` refers to the icons in it.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from lucide.templatetags.lucide import lucide

FILE = Path(__file__).parents[1] / "static" / "icons.svg"
NAMESPACE = "http://www.w3.org/2000/svg"
LICENCE = " Icons by the Lucide project, https://lucide.dev, under the ISC licence. Drawn by make icons. "
NAMES = (
    "archive",
    "camera",
    "chevron-down",
    "chevron-right",
    "chevron-up",
    "chevrons-up-down",
    "circle-user-round",
    "cloud",
    "cloud-off",
    "copy",
    "eraser",
    "expand",
    "hard-drive",
    "history",
    "list",
    "list-filter",
    "pencil",
    "plus",
    "replace",
    "search",
    "square-play",
    "trash-2",
    "triangle-alert",
    "x",
)


def sprite() -> str:
    """Return the SVG file with a symbol for each icon; its lines take the colour of the text around them."""
    root = ET.Element(f"{{{NAMESPACE}}}svg")
    root.append(ET.Comment(LICENCE))
    for name in NAMES:
        symbol = ET.SubElement(root, f"{{{NAMESPACE}}}symbol", id=name, viewBox="0 0 24 24")
        symbol.extend(ET.fromstring(lucide(name)))
    ET.register_namespace("", NAMESPACE)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


if __name__ == "__main__":
    FILE.write_text(sprite())
