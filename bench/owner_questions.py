"""What owners type, where ``bench.queries`` draws single words: written for measuring, none judged.

Hopeless texts are what no owner types: each leans on another bound of the engine.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """How owners ask, as tables call it."""

    SENTENCE = "sentence"
    MISSPELT = "misspelt"
    KANA = "kana reading"
    ROMAJI = "romaji"
    COMPLETION = "completion"
    HOPELESS = "hopeless text"


_SENTENCES = """
冬のあいだお客さんが来なくて売上が落ち込んでいる
りんごを使ったお菓子を作って東京で売りたい
父の会社を継ぐことになったが何から始めればいいか分からない
パートさんがすぐに辞めてしまって店が回らない
電気代が去年の倍になったので設備を入れ替えたい
古い旅館を直して外国のお客さんを呼びたい
借りたお金を返すのがきつくなってきた
海外にほたてを売りたいけど英語ができない
雪で屋根が壊れたので直すお金を借りたい
自分の店のホームページを作りたいが詳しい人がいない
定年で辞めた後に小さい食堂を始めたい
若い人を雇いたいのに募集しても誰も来ない
インボイスの書き方を誰かに教えてほしい
会計をパソコンでやるのに使える補助はあるか
跡継ぎがいないので店をたたむか誰かに譲りたい
畑で採れた野菜を加工して直売所に出したい
機械を買い替えたいが半分くらい出してくれる制度はないか
従業員に資格を取らせたいので講習の費用を助けてほしい
子どもが小さい社員が働きやすい会社にしたい
商店街の空いている店を借りて雑貨屋を開きたい
大雨で工場が水に浸かって仕事ができない
新しい製品を大学と一緒に研究したい
キャッシュレスの支払いを入れると手数料が高くて困る
トラックの運転手が足りなくて荷物が運べない
最低賃金が上がって人件費が払えない
漁に出る船のエンジンを新しくしたい
空き家を買って民泊をやってみたい
会社の名前やロゴを真似されないように登録したい
補助金の申請書をどう書いたらいいか相談したい
取引先が倒産して代金を払ってもらえない
太陽光パネルを工場の屋根に載せたい
むつ市で介護の仕事を始めるときに使えるお金
弘前で伝統工芸の職人を育てたい
八戸の港から輸出するときの検査の費用
女性が一人で起業するときに相談できるところはありますか
高齢の親の介護で休む社員がいて困っている
SNSで宣伝したいがやり方が分からない
夜に働いてくれる外国人を雇う手続きを知りたい
建設業だけど若手がいなくて十年後が心配だ
銀行に断られたけど運転資金を借りられるところはないか
"""

_MISSPELT = """
補助菌
事業承経
人財育成支緩
省エネルギ設備
ホームペイジ作成
雇用調節助成金
設備投次
創業支授
展示界 出展
商店外活性化
知的材産
海外販路開柘
融姿 制度
観光振輿
農産物加公
インボイズ
デジタノレ化
経営革親
新商品開発補助禁
後継者不測
"""

_KANA = """
じぎょうしょうけい
ほじょきん
せつびとうし
はんろかいたく
じんざいいくせい
しょうえね
そうぎょうしえん
ゆうし
かんこうしんこう
のうさんぶつかこう
こようちょうせいじょせいきん
でんきだい ほじょ
しんしょうひんかいはつ
けいえいかくしん
ちてきざいさん
しょうてんがい にぎわい
さいがいふっきゅう
ゆしゅつ そうだん
がいこくじん さいよう
こうけいしゃ いない
"""

_ROMAJI = """
jigyou shoukei
hojokin
setsubi toushi
hanro kaitaku
jinzai ikusei
shou ene
sougyou shien
yuushi
kankou shinkou
koyou chousei joseikin
shinshouhin kaihatsu
keiei kakushin
chiteki zaisan
aomori hachinohe
saigai fukkyuu
"""

_COMPLETIONS = """
ほ
補
補助
ほじょ
hojo
し
しょうえ
省エ
じぎょうしょ
事業
jigy
s
青森
あおもり
ホームペ
設備投
人材 いく
補助金 せ
海外
こうけいし
"""

# Kana that are one edit away from a word, and too many of them.
_SLIPS = "けいえいかくしわ せつびとおす はんろかいたう しんしょうひんかいはす こようちょうせん"

_SYLLABLES = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみ"

_HOPELESS = (
    "あ" * 512,
    "ん" * 32,
    "しょう" * 10,
    "かいかいかいかいかいかいかいかいかいかいかい",
    "カ" * 24,
    " ".join(["あ"] * 32),
    " ".join(_SYLLABLES),
    " ".join((_SLIPS.split() * 7)[:32]),
    " ".join(f"補助{character}" for character in "鬱鶴亀鷲鷹鰐鰻鯛鯖鮭鮪鱈鰹鱒鮎鯉鮒鰯鯨鮫"),
    "経営革親事業承経雇用調節設備投次創業支授融姿制度",
    "補助金" * 170,
    "の" * 32,
    "事" * 24,
    "abcdefghijklmnopqrstuvwxyz" * 19,
    "n" * 48,
    "shi" * 16,
    " ".join(["kyokan"] * 32),
    "nanoninonanonino" * 3,
    "1234567890" * 51,
    "1a2b3c4d5e" * 51,
    " ".join(str(number) for number in range(32)),
    "２０２６年度令和８年度Ｒ８平成３０年度" * 20,
    "".join(f"{year}年度" for year in range(1990, 2063)),
    "".join(f"令和{year}年度" for year in range(1, 90)),
    '"' * 512,
    "「" * 256 + "」" * 256,
    " ".join(f"「補助{character}」" for character in "金業事人材者費率額対象用期間申請書類"),
    " ".join(f'"{character}"' for character in _SYLLABLES),
    " ".join(f"-{character}" for character in _SYLLABLES),
    "支援したいし支援されたいし支援もしてもらいたいのに" * 20,
    "りんご・ほたて・にんにく・ながいも・いか・さば・米・牛・豚・鶏・" * 10,
    " ".join(["人手", "お金", "機械", "売上", "店", "客", "税金", "借金"] * 4),
    "㌢㌔㌧㍿㈱№℡" * 70,
    "𠮷髙﨑ヶヵヴー〜" * 60,
    "青森県弘前市八戸市黒石市五所川原市十和田市三沢市むつ市つがる市平川市" * 10,
)

QUESTIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SENTENCE: tuple(_SENTENCES.split()),
    Kind.MISSPELT: tuple(_MISSPELT.strip().splitlines()),
    Kind.KANA: tuple(_KANA.strip().splitlines()),
    Kind.ROMAJI: tuple(_ROMAJI.strip().splitlines()),
    Kind.COMPLETION: tuple(_COMPLETIONS.strip().splitlines()),
    Kind.HOPELESS: _HOPELESS,
}
