"""Which passwords are good enough. Length counts and what is easily guessed does not; no rule asks
for certain kinds of characters, and nothing has to be changed at intervals."""

import re
import unicodedata
from collections.abc import Iterable
from threading import Lock

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.accounts.models import User
from portal.accounts.permissions import Role

SHORTEST = 12
SHORTEST_OF_ADMIN = 15
LONGEST = 256
"""Characters. The hash would take more; somebody who sends more means no good."""

_LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: "safely unguessable", by ten billion guesses or more."""
_JUDGED = 40
"""Characters that zxcvbn looks at; its time grows with their square."""
_LEAST_REST = 8
"""Letters that have to remain when the words of this place and digits are taken out."""
_SHORTEST_CONTEXT_WORD = 3

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])

_WORDS_OF_THIS_PLACE = (
    *("password", "passwort", "pass", "login", "admin", "administrator", "portal", "welcome"),
    *("パスワード", "ぱすわーど", "あいことば", "ログイン", "管理者", "承認者", "担当者", "会員"),
    *("hojokin", "joseikin", "shien", "yuushi", "soudan", "kigyou", "chushokigyo", "jigyousha"),
    *("補助金", "助成金", "支援", "融資", "相談", "中小企業", "事業者", "商工会議所", "商工会"),
    *("kencho", "kenchou", "shiyakusho", "yakuba", "shokokai", "shouko", "prefecture", "city"),
    *("県庁", "市役所", "町役場", "村役場", "役場", "aobiz", "aobizsearch", "あおビズサーチ"),
    *("aomori", "aomoriken", "hirosaki", "hachinohe", "kuroishi", "goshogawara", "towada"),
    *("misawa", "mutsu", "tsugaru", "nebuta", "neputa", "ringo", "shimokita", "nanbu"),
    *("青森県", "青森", "弘前", "八戸", "黒石", "五所川原", "十和田", "三沢"),
    *("つがる", "津軽", "ねぶた", "search"),
    *("reiwa", "heisei", "令和", "平成", "nendo", "年度"),
)  # fmt: skip

_zxcvbn_is_shared = Lock()


def shortest_for(role: str) -> int:
    """How many characters a password of somebody with this role has at least."""
    return SHORTEST_OF_ADMIN if role == Role.ADMIN else SHORTEST


def is_too_short(password: str, *, role: str) -> bool:
    """Whether a password is too short for somebody with this role."""
    return len(password) < shortest_for(role)


def words_of(user: User) -> tuple[str, ...]:
    """What others know of somebody, and so would try first."""
    agency = (user.agency.name, user.agency.code) if user.agency else ()
    return words_of_new(user.email, user.name, *agency)


def words_of_new(email: str, *names: str) -> tuple[str, ...]:
    """The same of somebody who has no account yet."""
    local, _, domain = email.partition("@")
    parts = re.split(r"[^\w]+|_", f"{local} {domain}")
    return (local, *parts, *names)


def problem_of(password: str, *, role: str, context: Iterable[str] = ()) -> str | None:
    """Why a password cannot be used and how to mend that, in Japanese; None for a good one.

    :param context: words that others would connect with its owner.
    """
    shortest = shortest_for(role)
    if is_too_short(password, role=role):
        return (
            f"{shortest}文字以上にしてください（いまは{len(password)}文字）。"
            "短いことばを3つか4つ続けると、長くても覚えやすくなります。"
        )
    if len(password) > LONGEST:
        return f"{LONGEST}文字以内にしてください（いまは{len(password)}文字）。"
    folded = _folded(password)
    words = [w for w in map(_folded, (*_WORDS_OF_THIS_PLACE, *context)) if _is_telling(w)]
    if password.casefold() in _COMMON or folded in _COMMON:
        return "よく使われていて、最初に試されるパスワードです。別のものにしてください。"
    if _is_mostly(words, folded):
        return (
            "名前・メールアドレス・機関名・地名など、人から推測されることばが中心です。"
            "関係のないことばを足すか、別のものにしてください。"
        )
    if _score(password, words) < _LEAST_SCORE:
        return (
            "同じ文字のくり返しや、よくある並びが多く、推測されやすいパスワードです。"
            "つながりのないことばを3つか4つ続けてみてください。"
        )
    return None


def _is_mostly(words: Iterable[str], folded: str) -> bool:
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest == folded:
        return False
    return len(re.sub(r"[\d\W_]", "", rest)) < _LEAST_REST


def _is_telling(word: str) -> bool:
    """Short words of the alphabet are in any text; two characters of kanji say something."""
    return len(word) >= (_SHORTEST_CONTEXT_WORD if word.isascii() else 2)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _score(password: str, words: list[str]) -> int:
    # The library keeps the words of a call where all threads see them.
    with _zxcvbn_is_shared:
        return int(zxcvbn(password[:_JUDGED], user_inputs=words)["score"])
