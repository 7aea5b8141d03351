import pytest

from colisage.kit.code128 import code128
from colisage.packing.rules import believable, parcel_code, read_parcel_code, read_tote_code, share_lines


def test_three_per_cent_or_thirty_grams_are_believed() -> None:
    assert believable(1640) == (1590, 1690)
    assert believable(100) == (70, 130)
    assert believable(20) == (1, 50)


def test_a_guess_believes_almost_anything() -> None:
    assert believable(1000, measured=False) == (1, 2000)


def test_codes_are_read_back() -> None:
    assert read_parcel_code(parcel_code(478, 2)) == (478, 2)
    assert read_tote_code("b214-4") == (214, 4)
    assert read_tote_code("B214") == (214, None)
    assert read_parcel_code("#1001") is None


def test_lines_of_one_sku_are_used_up_in_their_order() -> None:
    shared = share_lines([(1, 7, 2), (2, 7, 3)], boxes=[[(7, 4)], [(7, 1)]])
    assert shared == [[(1, 7, 2), (2, 7, 2)], [(2, 7, 1)]]


def test_a_bar_code_is_as_wide_as_the_standard_says() -> None:
    widths = code128("CL-478-1")
    assert sum(widths) == 11 * (8 + 2) + 13
    assert len(widths) % 2 == 1
    assert widths[:6] == [2, 1, 1, 2, 1, 4]


@pytest.mark.parametrize("text", ["", "é", "a\n"])
def test_what_is_not_printable_ascii_has_no_bar_code(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        code128(text)
