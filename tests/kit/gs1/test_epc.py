"""Tags, both ways; the witness is pyepc, which shares no code with ours."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyepc import SGTIN, SSCC

from colisage.kit.gs1 import read
from colisage.kit.gs1.digits import check_digit
from colisage.kit.gs1.epc import MOST_NUMERIC_SERIAL, Epc, gtin_class, lgtin, prefix_length, read_epc, sgtin, sscc_epc
from colisage.kit.gs1.refusals import BadTag

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
lengths = st.integers(6, 12)
filters = st.integers(0, 7)
numeric = st.integers(0, MOST_NUMERIC_SERIAL).map(str)
lettered = st.text("ABCXYZabcxyz0123456789!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20)


def number(digits: str) -> str:
    return digits + check_digit(digits)


gtins = st.text("0123456789", min_size=13, max_size=13).map(number)
ssccs = st.text("0123456789", min_size=17, max_size=17).map(number)


def _witness(gtin: str, serial: str, length: int) -> SGTIN:
    return SGTIN(gtin[1 : 1 + length], gtin[0], gtin[1 + length : 13], serial)


def _whole_words(tag: str) -> str:
    """Fill 198 bits to whole words: the witness writes its last two bits as a digit of their own, at its right end."""
    return tag[:49] + f"{int(tag[49], 16) << 2:X}00"


def test_the_example_of_the_standard() -> None:
    epc = sgtin("80614141123458", serial="6789", prefix_length=7, filter=3)
    assert epc.uri == "urn:epc:id:sgtin:0614141.812345.6789"
    assert epc.tag_uri() == "urn:epc:tag:sgtin-96:3.0614141.812345.6789"
    assert epc.hex() == "3074257BF7194E4000001A85"
    long = sgtin("80614141123458", serial="6789AB", prefix_length=7, filter=3)
    assert long.tag_uri() == "urn:epc:tag:sgtin-198:3.0614141.812345.6789AB"
    unit = sscc_epc("106141412345678908", prefix_length=7, filter=3)
    assert unit.uri == "urn:epc:id:sscc:0614141.1234567890"
    assert unit.hex() == "3174257BF4499602D2000000"


@unhurried
@given(gtins, numeric, lengths, filters)
def test_a_tag_of_96_bits_is_what_the_witness_writes(gtin: str, serial: str, length: int, of: int) -> None:
    ours = sgtin(gtin, serial=serial, prefix_length=length, filter=of)
    other = _witness(gtin, serial, length)
    assert ours.hex() == other.encode(SGTIN.BinarySchemes.SGTIN_96, SGTIN.FilterValues(str(of)))
    assert ours.uri == other.pure_identity_uri
    assert ours.tag_uri() == other.get_tag_uri(SGTIN.BinarySchemes.SGTIN_96, SGTIN.FilterValues(str(of)))
    assert read_epc(ours.hex()) == ours
    assert ours.gtin == gtin == other.gtin


@unhurried
@given(gtins, lettered, lengths, filters)
@example("00000000000000", "00000000000000000001", 6, 0)  # every bit is used
def test_a_tag_of_198_bits_is_what_the_witness_writes(gtin: str, serial: str, length: int, of: int) -> None:
    ours = sgtin(gtin, serial=serial, prefix_length=length, filter=of)
    other = _witness(gtin, serial, length).encode(SGTIN.BinarySchemes.SGTIN_198, SGTIN.FilterValues(str(of)))
    assert ours.hex(bits=198) == _whole_words(str(other))
    assert read_epc(ours.hex(bits=198)) == ours
    assert read_epc(ours.hex(bits=198)[:50]) == ours  # readers that send whole bytes
    assert read_epc(ours.uri).serial == serial
    assert read_epc(ours.tag_uri(bits=198)) == ours


@unhurried
@given(ssccs, lengths, filters)
def test_the_tag_of_a_logistic_unit_is_what_the_witness_writes(sscc: str, length: int, of: int) -> None:
    ours = sscc_epc(sscc, prefix_length=length, filter=of)
    other = SSCC(sscc[1 : 1 + length], sscc[0], sscc[1 + length : 17])
    assert ours.uri == other.pure_identity_uri
    if of in {0, 2, 6}:
        assert ours.hex() == other.encode(SSCC.BinarySchemes.SSCC_96, SSCC.FilterValues(str(of)))
    assert read_epc(ours.hex()) == ours == read_epc(ours.tag_uri())
    assert ours.sscc == sscc


@pytest.mark.parametrize("length", range(6, 13))
@pytest.mark.parametrize("of", range(8))
def test_every_partition_and_filter_goes_there_and_back(length: int, of: int) -> None:
    epc = sgtin("19506000134359", serial="274877906943", prefix_length=length, filter=of)
    assert len(epc.company_prefix) == length
    assert read_epc(epc.hex().lower()) == epc == read_epc(epc.tag_uri())


@pytest.mark.parametrize("serial", ["0", "007", "274877906944", "A1"])
def test_a_serial_that_96_bits_do_not_hold_takes_198(serial: str) -> None:
    epc = sgtin("9506000134352", serial=serial, prefix_length=7)
    assert epc.bits == (96 if serial == "0" else 198)
    if epc.bits == 198:
        with pytest.raises(BadTag):
            epc.hex(bits=96)
    assert read_epc(epc.hex()).serial == serial


@pytest.mark.parametrize(
    "text",
    [
        "", "30", "3034257BF7194E400000303", "3034257BF7194E40000030391", "ZZ34257BF7194E4000003039",
        "303C257BF7194E4000003039",  # partition 7
        "E2801160600002054C3C8F1A",  # a tag as it leaves the factory
        "000000000000000000000000", "FFFFFFFFFFFFFFFFFFFFFFFF",
        "3017FFFFFFFFFFFFFFFFFFFF",  # a company prefix of more digits than its partition has
        "3174257BF4499602D2000001",  # bits that are to be zero
        "36D4257BF7194E58B266D1A8000000000000000000000003FF00"[:52],
        "urn:epc:id:sgtin:0614141.81234.6789", "urn:epc:id:sgtin:0614141.812345.", "urn:epc:id:sgtin:0614141.812345",
        "urn:epc:id:sscc:0614141.123456789", "urn:epc:tag:sgtin-96:9.0614141.812345.1",
        "urn:epc:tag:sgtin-96:1.0614141.812345.01",
        "urn:epc:id:sgln:0614141.12345.400", "urn:epc:id:sgtin:0614141.812345.%00", "urn:epc:id:sgtin:06141٤1.812345.1",
    ],
)  # fmt: skip
def test_what_is_no_number_of_goods_or_units_is_refused(text: str) -> None:
    with pytest.raises(BadTag):
        read_epc(text)


@unhurried
@given(
    st.one_of(
        st.binary(max_size=30).map(bytes.hex), st.text(max_size=60), st.text(max_size=60).map("urn:epc:id:".__add__)
    )
)
def test_no_tag_raises_anything_but_a_refusal_and_what_is_read_is_written_the_same(text: str) -> None:
    try:
        epc = read_epc(text)
    except BadTag:
        return
    assert read_epc(epc.uri).uri == epc.uri


@pytest.mark.parametrize(
    ("serial", "length", "of"), [("", 7, 0), ("1" * 21, 7, 0), ("é", 7, 0), ("1", 5, 0), ("1", 13, 0), ("1", 7, 8)]
)
def test_a_tag_that_cannot_be_is_not_written(serial: str, length: int, of: int) -> None:
    with pytest.raises(BadTag):
        sgtin("9506000134352", serial=serial, prefix_length=length, filter=of)


def test_classes_of_goods_have_names_of_their_own() -> None:
    lot = lgtin("9506000134352", lot="A/1", prefix_length=7)
    assert lot.uri == "urn:epc:class:lgtin:9506000.013435.A%2F1"
    assert read_epc(lot.uri) == lot
    anything = gtin_class("9506000134352", prefix_length=7)
    assert anything.uri == "urn:epc:idpat:sgtin:9506000.013435.*"
    assert read_epc(anything.uri) == anything
    with pytest.raises(BadTag):
        anything.hex()


def test_the_length_of_a_prefix_is_ones_own_before_the_list() -> None:
    assert prefix_length("09506000134352", known=["950600013"]) == 9
    assert prefix_length("80614141123458") == 7
    assert prefix_length("00000096385074") == 8


def test_a_scan_of_a_tag_says_what_the_tag_says() -> None:
    epc: Epc = sgtin("9506000134352", serial="A/1", prefix_length=7)
    for text in (epc.uri, epc.tag_uri(), epc.hex()):
        found = read(text)
        assert (found.gtin, found.serial, found.company_prefix) == ("09506000134352", "A/1", "9506000")
