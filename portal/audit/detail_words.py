"""What administrators read for the details of events. What has no word here is shown as it is kept,
so that nothing of the record is ever out of sight."""

_NAMES = {
    "added": "加えて探すことば",
    "again": "送り直し",
    "approval": "公開前の承認",
    "as_shipped": "はじめの内容に戻した",
    "category": "分類",
    "cost_yen": "事業費（円）",
    "department": "担当部署",
    "email": "メールアドレス",
    "file": "ファイル",
    "finding": "見つかったもの",
    "first_word": "はじめのことば",
    "invitation": "招待の番号",
    "invitations_withdrawn": "取り消した招待の数",
    "job": "定期の仕事",
    "kana": "読みがな",
    "label": "表示名",
    "level": "実施主体",
    "listing": "支援情報",
    "mailed": "メールで回答した",
    "members": "同じ意味のことば",
    "name": "名前",
    "note": "メモ",
    "page_views": "閲覧数",
    "region": "地域",
    "role": "権限",
    "rows": "件数",
    "second_factor": "2段階認証",
    "section_mailbox": "課の共用メール",
    "sha256_csv": "CSVの照合用の値",
    "sha256_json": "JSONの照合用の値",
    "sha256_pdf": "PDFの照合用の値",
    "sha256_xlsx": "Excelの照合用の値",
    "sessions": "終えた端末の数",
    "short_label": "短い表示名",
    "shown_from": "表示のはじめ",
    "shown_until": "表示のおわり",
    "tel": "電話番号",
    "text": "本文",
    "title": "題名",
    "urgency": "お知らせの種類",
    "url": "ホームページ",
    "version": "版",
    "years": "年度",
    # What an export of the record was searched by.
    "action": "操作",
    "actor": "操作した人",
    "agency": "実施機関",
    "since": "はじめの日",
    "target": "対象の番号・コード",
    "target_type": "対象の種類",
    "undone": "取り消した操作",
    "until": "おわりの日",
    "user": "利用者番号",
}
_SIDES = {
    "_before": "（変更前）",
    "_after": "（変更後）",
    "_lost": "（外したもの）",
    "_gained": "（足したもの）",
    "_reordered": "（並べかえ）",
}
_VALUES = {
    "second_factor": {"app": "アプリのコード", "recovery": "回復コード"},
    "urgency": {"emergency": "緊急", "warning": "注意", "info": "お知らせ"},
}


def name_of(field: str) -> str:
    """What a field of the details is called."""
    for end, side in _SIDES.items():
        if field.endswith(end):
            plain = field.removesuffix(end)
            return f"{_NAMES.get(plain, plain)}{side}"
    return _NAMES.get(field, field)


def value_of(field: str, value: object) -> str:
    """What a value of such a field says."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if value in (None, ""):
        return "なし"
    return _VALUES.get(field, {}).get(str(value), str(value))
