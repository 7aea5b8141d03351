"""Fields of labels for thermal printers (ZPL II): whatever text is in them, no command of the printer begins there."""

import re
from typing import Final

_ESCAPES: Final = str.maketrans({"^": r"\5E", "~": r"\7E", "\\": r"\5C"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def text(x: int, y: int, height: int, content: str, *, right: bool = False) -> str:
    """Write a line of text at a place, in dots."""
    return f"^FO{x},{y}{',1' if right else ''}^A0N,{height},{height * 9 // 10}{data(content)}" if content else ""


def data(content: str) -> str:
    r"""Write field data: the three characters that mean something to a printer go as hexadecimal, after `^FH\`."""
    return rf"^FH\^FD{_CONTROL.sub(' ', content).translate(_ESCAPES)}^FS"
