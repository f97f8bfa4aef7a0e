"""What the way to a desk says at each step."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.consultation.flow import Stage, Step


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at a step, what that is about, and a word of help."""

    name: str
    question: str
    hint: str
    unsure: str = ""
    """What is said by whoever cannot answer; empty where everybody can."""


QUESTIONS: Mapping[Step, Question] = {
    Step.PLACE: Question(
        "場所",
        "お店や会社はどこにありますか",
        "これから始める方は、予定の市町村を選んでください。",
        "まだ決まっていない・答えない",
    ),
    Step.PURPOSE: Question(
        "相談したいこと",
        "何を相談したいですか",
        "いちばん近いものを1つ選んでください。",
        "まだはっきりしない・いくつもある",
    ),
    Step.STAGE: Question(
        "いまの段階", "いま、どの段階ですか", "迷ったら、いちばん上を選んでください。"
    ),
}

PURPOSE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "お金": ("finance", "equipment", "disaster"),
    "始める・広げる": ("startup", "pivot", "siting", "migration"),
    "売る": ("sales", "overseas", "agri-commerce"),
    "人": ("hiring", "training", "workstyle"),
    "経営・引き継ぎ": ("turnaround", "succession", "community"),
    "技術・デジタル": ("rnd", "dx", "gx", "ip"),
}
"""Purposes under the words of the flow; one that stands nowhere here comes at the end."""

OTHER_PURPOSES = "そのほか"

STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.FIRST: ("はじめて相談する", "何から始めるか分からない、話を整理したい"),
    Stage.EXPERT: ("専門の相談をしたい", "聞きたいことは決まっている"),
    Stage.APPLY: ("申請の前に確かめたい", "使いたい支援があり、書類や計画を見てほしい"),
}

TO_SAY: tuple[str, ...] = (
    "どんな商売を、どこで、何人でしているか（これから始める方は予定）",
    "いま困っていること、やりたいこと",
    "いつごろまでにしたいか",
)

_ACCOUNTS = "直近の決算書か、確定申告書の控え（あれば）"

TO_BRING: Mapping[Stage, tuple[str, ...]] = {
    Stage.FIRST: (
        "聞きたいことを書いたメモ",
        "商売のことが分かるもの（名刺、パンフレット、商品の写真など）",
        _ACCOUNTS,
    ),
    Stage.EXPERT: (
        "相談に関わる資料（見積書、契約書、図面、商品など）",
        "前に相談した窓口でもらった資料やメモ",
        _ACCOUNTS,
    ),
    Stage.APPLY: (
        "使いたい支援のページを印刷したもの",
        "募集の案内と、書きかけの申請書や計画",
        "買うものや頼むことの見積書",
        _ACCOUNTS,
    ),
}

LEADS: Mapping[Stage, str] = {
    Stage.FIRST: "まず、この窓口に電話してください。困りごとの中身は問いません。",
    Stage.EXPERT: "相談したいことを専門に聞いてくれる窓口です。",
    Stage.APPLY: (
        "申請先は、使いたい支援のページの「問い合わせ」にあります。"
        "書類や計画のことは、この窓口でも相談できます。"
    ),
}

NO_EXPERT = (
    "専門の窓口は、このサイトではまだ分かっていません。"
    "はじめの窓口に電話すると、紹介してもらえます。"
)
