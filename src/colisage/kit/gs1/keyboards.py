"""What a scanner meant that types for another keyboard than the computer's.

A scanner presses keys. When it presses those of an American keyboard and the computer has a French one, `1` arrives as
`&` and `A` as `Q`; the other way round `1` arrives as `!`. Every key is damaged in the same way, so that the text
can be turned back; whether it was this is proven by a check digit, or not believed.
"""

from typing import Final

_AMERICAN: Final = "1234567890-=qwertyuiop]asdfghjkl;'\\zxcvbnm,./!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?"
_FRENCH: Final = "&é\"'(-è_çà)=azertyuiop$qsdfghjklmù*wxcvbn,;:!1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§"
_ON_FRENCH: Final = dict(zip(_FRENCH, _AMERICAN, strict=True))
_ON_AMERICAN: Final = dict(zip(_AMERICAN, _FRENCH, strict=True))
LEAST: Final = 8  # digits, in the shortest code that has a check digit


def meant(text: str) -> list[str]:
    """Give what a scanner may have meant: nothing unless all digits of a code arrived as other characters."""
    if any(letter in "0123456789" for letter in text):
        return []
    return [
        "".join(keys.get(letter, letter) for letter in text)
        for keys, digits in ((_ON_FRENCH, "&é\"'(-è_çà"), (_ON_AMERICAN, "!@#$%^&*()"))
        if sum(letter in digits for letter in text) >= LEAST
    ]
