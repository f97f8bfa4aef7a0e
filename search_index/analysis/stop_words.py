"""Words that a question is made of and that say nothing about its subject.

Only queries are read without them: a document keeps all its words, so that a phrase finds them.
"""

_WISHES = "欲しい 下さる 呉れる 頂く 貰う 貰える 願う 願い 御願い 宜しい 宜しく 助ける"
_SEEKING = "探す 捜す 知る 教える 調べる 見る 見付ける 見つける 聞く 分かる 迷う 悩む 困る 困り"
_DOING = "出来る 使う 使える 受ける 受けられる 思う 考える 言う 行う 無い ない ある 就く 付く"
_HELPING = "来る 行く 仕舞う 置く 遣る 致す 為さる 御座る"
_RELATING = "関する 対する 其の 此の その この それ これ"
_ASKING = "何 何か 何処 何れ 何方 何時 誰 如何 どう どの どんな 幾ら 何故 何で"
_FILLING = "事 物 為 時 場合 所 様 よう みたい 訳 方 方法 良い 一番 今 今度 是非 御"
_SPEAKING = "自分 私 うち 我が家 当社 弊社"

_STRESSING = (
    "全然 些とも 中々 凄い とても 大変 もう もっと もう少し 少し 色々 是非 そろそろ さっぱり やはり"
)
_POLITE = "下さる 頂く 願う 願い 御願い 致す 宜しい 宜しく 御座る 呉れる 仕舞う"
_THINKING = "出来る 思う 考える 言う 行う 困る 困り 悩む"

QUESTION_WORDS = frozenset(
    " ".join(
        (
            *(_WISHES, _SEEKING, _DOING, _HELPING, _RELATING, _ASKING, _FILLING, _SPEAKING),
            *(_STRESSING, _POLITE),
        )
    ).split()
)
"""By their dictionary form."""

LIGHT_WORDS = frozenset(
    f"{_POLITE} {_STRESSING} {_THINKING} {_RELATING} {_ASKING} {_FILLING} {_SPEAKING}".split()
)
"""Words a worry can be told with or without, by their dictionary form."""

_ALONE = "は が を に の で と も へ や か ね よ から まで より など"
PARTICLES = frozenset(_ALONE.split())
"""As they stand alone, where a tokenizer would take は for a leaf."""
