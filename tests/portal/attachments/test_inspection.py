"""What is taken as a PDF, and what is said of everything else."""

import random
import subprocess
import sys
import time

import pytest

from portal.attachments import inspection, names, sizes, streams, structure
from portal.attachments.inspection import Inspected, inspect
from portal.attachments.sizes import MOST_BYTES
from portal.attachments.structure import FaultyError, look_into
from portal.errors import InvalidInputError
from tests.portal.attachments.bad_files import BAD, HARMFUL, JPEG
from tests.portal.attachments.pdfs import (
    GOOD,
    HEADER,
    packed,
    pdf,
    pdf_with_packed_objects,
    stream,
)

LINK = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://www.example.jp/)>>>>"
NOTE = b'<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/RC(<?xml version="1.0"?><body>x</body>)>>'
FORM = b"/AcroForm<</Fields[10 0 R]/DA(/Helv 0 Tf 0 g)>>"
FIELD = b"<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>"

FINE: dict[str, tuple[bytes, int]] = {
    "small": (GOOD, 1),
    "of three pages": (pdf(pages=3), 3),
    "of today": (pdf_with_packed_objects([b"<</A 1>>", b"[1 2]"]), 1),
    "second edition": (pdf(header=b"%PDF-2.0\n"), 1),
    "with zeros at its end": (GOOD + bytes(64), 1),
    "with a line at its end": (GOOD + b"\r\n\r\n", 1),
    "of ten megabytes": (GOOD.ljust(MOST_BYTES, b"\n"), 1),
    "scanned": (pdf(stream(JPEG, b"/Subtype/Image/Width 9/Height 9/Filter/DCTDecode")), 1),
    "scanned without loss": (
        pdf(packed(bytes(26_000_000), b"/Subtype/Image/Width 2480/Height 3508")),
        1,
    ),
    "with facts about itself": (
        pdf(stream(b'<?xpacket begin=""?><x:xmpmeta/>', b"/Type/Metadata/Subtype/XML")),
        1,
    ),
    "with a link": (pdf(LINK, page=b"/Annots[10 0 R]"), 1),
    "with a remark": (pdf(NOTE, page=b"/Annots[10 0 R]"), 1),
    "to be filled in": (pdf(FIELD, root=FORM, page=b"/Annots[10 0 R]"), 1),
    "that opens on a page": (pdf(root=b"/OpenAction[3 0 R/Fit]"), 1),
    "in letters": (
        pdf(stream(b"3c3c>", b"/Filter[/ASCIIHexDecode]"), stream(b"x~>", b"/Filter/A85")),
        1,
    ),
}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that runs many tests at once gives the reader its seconds late."""
    monkeypatch.setattr(inspection, "TIMEOUT_S", 120)


@pytest.mark.parametrize("name", FINE)
def test_good_file_is_taken_with_its_number_of_pages(name: str) -> None:
    content, pages = FINE[name]
    assert inspect("募集要項.pdf", content) == Inspected("募集要項.pdf", content, pages)


def test_there_are_fifty_bad_files_and_more() -> None:
    assert len(BAD) >= 50


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_with_the_reason(name: str) -> None:
    make, words = BAD[name]
    with pytest.raises(InvalidInputError) as refused:
        inspect("募集要項.pdf", make())
    assert [problem.field for problem in refused.value.problems] == ["file"]
    assert words in str(refused.value)
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("募集要項.pdf", "募集要項.pdf"),
        ("様式１.PDF", "様式１.pdf"),
        ("C:\\文書\\要項.pdf", "要項.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("要項\u202efdp.exe.pdf", "要項fdp.exe.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        ("あ" * 300 + ".pdf", "あ" * 146 + ".pdf"),
        ("要項 .pdf", "要項.pdf"),
        ("要項.exe", None),
        ("要項", None),
        (".pdf", None),
        ("　.pdf", None),
        ("..pdf", None),
        ("", None),
    ],
)
def test_name_is_made_fit_to_be_shown(given: str, kept: str | None) -> None:
    assert names.plain_name(given) == kept


def test_file_of_another_name_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="「.pdf」で終わる"):
        inspect("要項.docx", GOOD)


@pytest.mark.parametrize(
    ("size", "told"),
    [(1, "1KB"), (839_680, "820KB"), (1_258_291, "1.2MB"), (MOST_BYTES, "10MB")],
)
def test_size_is_told_as_people_read_it(size: int, told: str) -> None:
    assert sizes.size_text(size) == told


def test_damaged_files_are_taken_or_refused_and_never_break_the_reader() -> None:
    chance = random.Random(5)  # noqa: S311  (the same damage each time)
    whole = [content for content, _ in FINE.values() if len(content) < 20_000]
    whole += [make() for name, (make, _) in HARMFUL.items() if "bomb of four" not in name]
    ends = {"taken": 0, "refused": 0}
    for _ in range(500):
        damaged = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        try:
            assert look_into(bytes(damaged)) >= 1
            ends["taken"] += 1
        except FaultyError:
            ends["refused"] += 1
    assert min(ends.values()) > 20


def test_stream_that_never_ends_costs_no_more_than_its_length() -> None:
    content = b"stream\n" * 1_000_000
    began = time.monotonic()
    assert streams.outside_streams(content) == content
    assert time.monotonic() - began < 2


def test_what_stands_in_streams_is_left_out() -> None:
    content = b"a stream\nxx endstream b stream \r\ny endstream c stream\rz endstream"
    assert streams.outside_streams(content) == (
        b"a stream\nendstream b stream \r\nendstream c stream\rendstream"
    )


def test_reader_that_needs_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "TIMEOUT_S", 0.01)
    with pytest.raises(InvalidInputError, match="調べきれません"):
        inspect("要項.pdf", GOOD)


def test_reader_that_needs_too_much_memory_is_ended() -> None:
    # The same limits, and bytes that only get in the way of one that has them.
    source = (
        "import portal.attachments.structure as structure\n"
        "structure.look_into = lambda content: len(bytearray(2 * structure.MEMORY_BYTES))\n"
        "structure.main()\n"
    )
    done = subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-I", "-c", source], input=b"", capture_output=True, check=True, env={}
    )
    assert done.stdout == b'{"fault": "too_heavy"}'


def test_third_at_once_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "PATIENCE_S", 0.01)
    turns = [inspection._AT_ONCE.acquire() for _ in range(2)]
    try:
        with pytest.raises(InvalidInputError, match="少し待って"):
            inspect("要項.pdf", GOOD)
    finally:
        for _ in turns:
            inspection._AT_ONCE.release()


def test_reader_answers_in_one_line_and_sees_nothing_of_the_environment() -> None:
    done = subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-I", "-m", structure.__name__],
        input=GOOD,
        capture_output=True,
        check=True,
        env={},
    )
    assert (done.stdout, done.stderr) == (b'{"pages": 1}', b"")


def test_header_has_to_be_at_the_first_byte() -> None:
    with pytest.raises(InvalidInputError, match="PDFの前に"):
        inspect("要項.pdf", b" " + HEADER + GOOD)
