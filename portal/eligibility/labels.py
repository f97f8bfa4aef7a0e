"""What questions and answers are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.eligibility.answers import OUTSIDE, Answers, Field
from portal.eligibility.bands import Age, Band, Need
from portal.listings import condition_words
from portal.listings.business import Form, Trade
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it is asked: what it is about, the question itself, and a word of help."""

    name: str
    question: str
    hint: str = ""


QUESTIONS: Mapping[Field, Wording] = {
    Field.PURPOSE: Wording(
        "やりたいこと",
        "いま、いちばんやりたいことはどれですか",
        "近いものを1つ選んでください。選んだことに使える支援だけを調べます。",
    ),
    Field.PLACE: Wording(
        "場所",
        "事業所がある市町村はどこですか",
        "これから始める方や、新しく事業所を置く方は、予定の市町村を選んでください。",
    ),
    Field.INDUSTRY: Wording(
        "業種",
        "主な業種はどれですか",
        "いくつかあるときは、売上がいちばん大きいものを選んでください。",
    ),
    Field.YEARS: Wording("創業からの年数", "事業を始めてから何年たちましたか"),
    Field.FORM: Wording("事業の形", "事業の形はどれですか"),
    Field.EMPLOYEES: Wording(
        "従業員",
        "いつも働いている従業員は何人ですか",
        "社長や役員、家族だけで手伝っている人、短い期間だけの人は数えません。"
        "これから始める方は、予定の人数で選んでください。",
    ),
    Field.CAPITAL: Wording(
        "資本金", "資本金（出資金）はいくらですか", "登記簿や決算書に書いてあります。"
    ),
    Field.TRADE: Wording(
        "くわしい業種",
        "くわしい業種はどれですか",
        "会社の大きさの決まりが、ここで分かれます。",
    ),
    Field.BY: Wording(
        "時期",
        "いつごろまでに使い始めたいですか",
        "申込みの受付が間に合うかを調べます。",
    ),
}

YEARS: Mapping[str, str] = {
    "planned": "まだ始めていない（これから創業する）",
    "0-1": "1年以内",
    "1-3": "1年をこえて3年以内",
    "3-5": "3年をこえて5年以内",
    "5-10": "5年をこえて10年以内",
    "10-": "10年をこえる",
}

EMPLOYEES: Mapping[str, str] = {
    "0-5": "5人以下（いない場合も）",
    "6-20": "6〜20人",
    "21-50": "21〜50人",
    "51-100": "51〜100人",
    "101-300": "101〜300人",
    "301-": "301人以上",
}

CAPITAL: Mapping[str, str] = {
    "0-50m": "5,000万円以下",
    "50m-100m": "5,000万円をこえて1億円以下",
    "100m-300m": "1億円をこえて3億円以下",
    "300m-": "3億円をこえる",
}

NEEDS: Mapping[str, str] = {
    "1m": "1か月以内",
    "3m": "3か月以内",
    "6m": "半年以内",
    "1y": "1年以内",
    "any": "急いでいない",
}

_FORM_EXAMPLES: Mapping[Form, str] = {
    Form.SOLE: "",
    Form.COMPANY: "（株式会社・有限会社・合同会社など）",
    Form.COOPERATIVE: "（協同組合・商店街の組合など）",
    Form.OTHER: "（NPO法人、医療法人など）",
}

_TRADES_OF: Mapping[str, Mapping[Trade, str]] = {
    "E": {
        Trade.OTHER: "下のほかの製造業",
        Trade.RUBBER: "ゴム製品の製造（自動車・航空機のタイヤや工業用ベルトを除く）",
    },
    "G": {
        Trade.SOFTWARE: "ソフトウェア・情報処理",
        Trade.SERVICE: "放送、情報の提供や市場調査、映像・音楽・広告の制作",
        Trade.OTHER: "通信、インターネットのサービス、新聞・出版",
    },
    "I": {Trade.WHOLESALE: "卸売業（お店や会社に売る）", Trade.RETAIL: "小売業（使う人に売る）"},
    "K": {Trade.OTHER: "不動産の売買・賃貸・管理", Trade.SERVICE: "物品の賃貸（リース）、駐車場"},
    "M": {Trade.LODGING: "宿泊業（ホテル・旅館・民宿）", Trade.RETAIL: "飲食店、持ち帰り・配達"},
    "N": {
        Trade.SERVICE: "理容・美容、洗濯、そのほか暮らしのサービス",
        Trade.AMUSEMENT: "娯楽業（映画館・スポーツ施設など）",
        Trade.OTHER: "旅行業",
    },
}


_RANGES: Mapping[Field, Mapping[str, str]] = {
    Field.YEARS: YEARS,
    Field.EMPLOYEES: EMPLOYEES,
    Field.CAPITAL: CAPITAL,
    Field.BY: NEEDS,
}


def choices(field: Field, vocabulary: Vocabulary, industry: str | None) -> Mapping[str, str]:
    """What may be answered, by code, with what it is called.

    :param industry: what was answered to that; some questions follow from it.
    """
    match field:
        case Field.PURPOSE:
            return vocabulary.purposes
        case Field.PLACE:
            places = vocabulary.tree.municipalities
            names = {code: place.name for code, place in places.items()}
            return names | {OUTSIDE: f"{vocabulary.prefecture}の外"}
        case Field.INDUSTRY:
            return vocabulary.short_industries
        case Field.FORM:
            return {
                form.value: condition_words.FORMS[form] + example
                for form, example in _FORM_EXAMPLES.items()
            }
        case Field.TRADE:
            trades = _TRADES_OF.get(industry or "", {})
            return {trade.value: label for trade, label in trades.items()}
        case _:
            return _RANGES[field]


def code_of(field: Field, answers: Answers) -> str | None:
    """The code of what somebody answered; None where they did not."""
    value: str | Band | Age | Need | None = getattr(answers, field.value)
    return value if value is None or isinstance(value, str) else value.code


def answer(field: Field, answers: Answers, vocabulary: Vocabulary) -> str | None:
    """What somebody answered, in words; None where they did not."""
    code = code_of(field, answers)
    if code is None:
        return None
    if field is Field.FORM:
        return condition_words.FORMS[Form(code)]
    return choices(field, vocabulary, answers.industry).get(code)
