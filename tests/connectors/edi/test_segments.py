from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.edi.conftest import edifact, orders, x12, x850

from colisage.connectors.edi.channel import Edi
from colisage.connectors.edi.envelopes import decoded, extract, extracted, interchanges
from colisage.connectors.edi.segments import EDIFACT, Segment, Separators, segments, written
from colisage.intake.ports import Unreadable

X12 = Separators("*", ">", "~")
TAGS = st.sampled_from(["N1", "PO1", "BEG", "NAD", "LIN", "FTX"])
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*~"), max_size=12)


def trimmed(found: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Leave empty ends out, which say nothing."""
    cut = []
    for parts in found:
        last = max((n for n, part in enumerate(parts) if part), default=0)
        cut.append(tuple(parts[: last + 1]) or ("",))
    while cut and cut[-1] == ("",):
        cut.pop()
    return tuple(cut)


@given(st.lists(st.tuples(TAGS, st.lists(st.lists(ANY, min_size=1, max_size=4), max_size=6)), max_size=8))
def test_edifact_is_written_and_read_the_same(told: list[tuple[str, list[list[str]]]]) -> None:
    made = [Segment(tag, trimmed(elements), n) for n, (tag, elements) in enumerate(told, 1)]
    assert [one for one, _behind in segments(written(made, EDIFACT), EDIFACT)] == made


@given(st.lists(st.tuples(TAGS, st.lists(PLAIN, max_size=6)), max_size=8))
def test_x12_is_written_and_read_the_same(told: list[tuple[str, list[str]]]) -> None:
    made = [Segment(tag, trimmed([[one] for one in elements]), n) for n, (tag, elements) in enumerate(told, 1)]
    assert [one for one, _behind in segments(written(made, X12), X12)] == made


NOISE = st.one_of(
    st.binary(max_size=400),
    st.sampled_from([x12(x850("A"), x850("B", control="2")), edifact(orders("A"))]).flatmap(
        lambda text: st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(0, 30), st.text("*~'+:?>A1\n ", max_size=4)), max_size=5
        ).map(lambda cuts: _mangled(text, cuts).encode())
    ),
)


def _mangled(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for at, width, put in cuts:
        text = text[:at] + put + text[at + width :]
    return text


@settings(max_examples=400, deadline=None)
@given(NOISE)
def test_whatever_comes_is_read_or_refused_and_every_letter_is_accounted_for(body: bytes) -> None:
    text = decoded(body)
    found = list(interchanges(text))
    assert found
    assert "".join(raw for _one, raw in found).strip(" \r\n\t\x00\x1a\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0") in text
    for one, _raw in found:
        for group in getattr(one, "groups", ()):
            for message in group.messages:
                kept = extract(one, group, message)
                try:
                    Edi().read(kept, topic="850 · 1/2/3 · EUR · FR")
                except Unreadable:
                    continue


def test_an_extract_is_read_as_what_it_was_cut_from() -> None:
    for text in (x12(x850("A"), x850("B", control="2")), edifact(orders("A"), orders("B", control="2"))):
        [(found, _raw)] = interchanges(text)
        assert not hasattr(found, "code")
        for group in found.groups:
            for message in group.messages:
                around, again = extracted(extract(found, group, message))
                assert (around.sender, again.number, again.fault) == (found.sender, message.number, None)
                assert [one.elements for one in again.segments] == [one.elements for one in message.segments]
