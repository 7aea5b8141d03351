"""Why a scan is not read: each reason has a code for machines and a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed


class Unreadable(Malformed):
    """What was scanned is no GS1 code that can be trusted; the subclasses say why."""

    code = "unreadable_scan"
    text = _("This code cannot be read. Scan it again.")


class NotGs1(Unreadable):
    """Plain text: it may be a merchant's own code, but GS1 does not know it."""

    code = "not_gs1"
    text = _("This is no GS1 code.")


class Noise(Unreadable):
    """Control characters or letters of no bar code."""

    code = "scan_noise"
    text = _("The scanner sent noise. Scan again, slowly; clean the label if it stays so.")


class TooLong(Unreadable):
    """More than any label holds."""

    code = "scan_too_long"
    text = _("This is longer than any code. Scan one code at a time.")


class BadCheckDigit(Unreadable):
    """A digit is wrong: typed or read badly."""

    code = "bad_check_digit"
    text = _("%(number)s: the check digit does not fit. Scan again, or type all the digits.")


class BadDate(Unreadable):
    """A date that is in no calendar."""

    code = "bad_date"
    text = _("The date (%(identifier)s) %(value)s on this label does not exist. Type the date that is printed.")


class Truncated(Unreadable):
    """The code ends before it is complete."""

    code = "scan_cut_short"
    text = _("Only a part of the code arrived: (%(identifier)s) is not complete. Scan again.")


class BadValue(Unreadable):
    """The value of an identifier is not of its form."""

    code = "bad_gs1_value"
    text = _("(%(identifier)s) %(value)s is not what GS1 allows there. Scan again.")


class UnknownIdentifier(Unreadable):
    """A GS1 application identifier that does not exist."""

    code = "unknown_identifier"
    text = _("“%(piece)s” begins with no identifier that GS1 knows. Scan again, or type the number.")


class Glued(Unreadable):
    """Two codes arrived as one."""

    code = "two_codes_in_one"
    text = _("Two codes arrived as one. Scan one code at a time.")


class WrongKeyboard(Unreadable):
    """The scanner types for another keyboard than the computer's, and nothing proves what it meant."""

    code = "wrong_keyboard"
    text = _(
        "The scanner types for another keyboard than this computer’s. Set the scanner to the keyboard of this computer."
    )


class BadTag(Unreadable):
    """The bits of an RFID tag, or an EPC, are of no form that is known here."""

    code = "bad_tag"
    text = _("This tag holds no number that can be read: %(epc)s.")
