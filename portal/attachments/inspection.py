"""The check that every file has to pass before it is kept anywhere."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from portal.attachments import signatures
from portal.attachments.faults import Fault
from portal.attachments.names import plain_name
from portal.errors import FieldProblem, InvalidInputError

logger = logging.getLogger(__name__)

TIMEOUT_S = 20
"""More than the processor time it is given, for a machine that is busy."""
PATIENCE_S = 8
"""How long a file waits for its turn; with ``TIMEOUT_S`` less than a request may take."""

_LONGEST_SAID = 500

# Each may take half a gigabyte.
_AT_ONCE = threading.BoundedSemaphore(2)
_BUSY = "いま、ほかのファイルを調べています。少し待ってから、もう一度お試しください。"

_MEND = "元の文書から、もう一度PDFとして保存してください。"
_MESSAGES: Mapping[Fault, str] = {
    Fault.BROKEN: f"PDFとして読めません。壊れているか、途中で切れています。{_MEND}",
    Fault.ENCRYPTED: (
        "パスワードや印刷制限などの保護がかかったPDFは付けられません。"
        "だれでも開けるように、保護を外して保存し直してください。"
    ),
    Fault.SCRIPT: (
        "自動で動くプログラム（JavaScript）が入ったPDFは付けられません。"
        "「PDFとして印刷」などで保存し直してください。"
    ),
    Fault.LAUNCH: (
        "ほかのプログラムを起動する仕組みが入ったPDFは付けられません。"
        "「PDFとして印刷」などで保存し直してください。"
    ),
    Fault.EMBEDDED_FILE: (
        "中に別のファイルが入ったPDFは付けられません。入れたファイルを外して保存し直してください。"
    ),
    Fault.XFA: (
        "特別な入力フォーム（XFA）のPDFは、多くのスマートフォンで開けないため付けられません。"
        "「PDFとして印刷」などで保存し直してください。"
    ),
    Fault.RICH_MEDIA: (
        "動画・音声・立体図が入ったPDFは付けられません。それらを外して保存し直してください。"
    ),
    Fault.BOMB: (
        "開くと極端に大きくふくらむデータが入っています。画像を小さくして保存し直してください。"
    ),
    Fault.TOO_HEAVY: (
        "複雑すぎて調べきれません。ページを分けるか、「PDFとして印刷」などで保存し直してください。"
    ),
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept."""

    name: str
    content: bytes
    pages: int


def inspect(given_name: str, content: bytes) -> Inspected:
    """Look at a file from its name to its last byte.

    :raises InvalidInputError: it is not taken; the message says why and how to mend it.
    """
    name = plain_name(given_name)
    if name is None:
        raise refused("名前が「.pdf」で終わるファイルを選んでください。")
    fault = signatures.fault_of(content)
    if fault:
        raise refused(fault)
    return Inspected(name, content, _pages(content))


def refused(message: str) -> InvalidInputError:
    """What is wrong with a file, to be shown beside its field."""
    return InvalidInputError([FieldProblem("file", message)])


def _pages(content: bytes) -> int:
    if not _AT_ONCE.acquire(timeout=PATIENCE_S):
        raise refused(_BUSY)
    try:
        answer = _answer_of_parser(content)
    finally:
        _AT_ONCE.release()
    if "fault" in answer:
        raise refused(_MESSAGES[Fault(str(answer["fault"]))])
    return int(answer["pages"])


def _answer_of_parser(content: bytes) -> dict[str, str | int]:
    command = [sys.executable, "-I", "-m", "portal.attachments.structure"]
    try:
        done = subprocess.run(  # noqa: S603  (our own module)
            command, input=content, capture_output=True, timeout=TIMEOUT_S, env={}
        )
    except subprocess.TimeoutExpired:
        return {"fault": Fault.TOO_HEAVY}
    if done.returncode != 0:
        # Ended by a limit of time or memory; or it could not begin, which operators have to know.
        said = done.stderr[-_LONGEST_SAID:].decode("utf-8", "replace")
        logger.warning("the reader of PDF files ended with %d: %s", done.returncode, said)
        return {"fault": Fault.TOO_HEAVY}
    answer: dict[str, str | int] = json.loads(done.stdout)
    return answer
