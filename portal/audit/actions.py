"""What is recorded, with the words administrators read for it."""

from enum import StrEnum


class AuditAction(StrEnum):
    """Codes are stored for ever: add some, never rename one."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a code, no password)
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    MEMBER_SIGNED_UP = "member_signed_up"
    USER_CREATED = "user_created"
    USER_INVITED = "user_invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_RENAMED = "user_renamed"
    USER_MOVED = "user_moved"
    ROLE_CHANGED = "role_changed"
    EMAIL_CHANGED = "email_changed"
    USER_DELETED = "user_deleted"
    DATA_EXPORTED = "data_exported"
    AGENCY_CREATED = "agency_created"
    AGENCY_CHANGED = "agency_changed"
    LISTING_CREATED = "listing_created"
    LISTING_SUBMITTED = "listing_submitted"
    LISTING_TAKEN_BACK = "listing_taken_back"
    LISTING_RETURNED = "listing_returned"
    LISTING_SCHEDULED = "listing_scheduled"
    LISTING_PUBLISHED = "listing_published"
    LISTING_CHANGE_DROPPED = "listing_change_dropped"
    LISTING_WITHDRAWN = "listing_withdrawn"
    LISTING_RESTORED = "listing_restored"
    LISTING_ARCHIVED = "listing_archived"
    LISTING_UNARCHIVED = "listing_unarchived"
    LISTING_END_SET = "listing_end_set"
    LISTING_UNPUBLISHED = "listing_unpublished"
    LISTING_CONFIRMED = "listing_confirmed"
    LISTING_ACT_UNDONE = "listing_act_undone"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"
    ATTACHMENT_REFUSED = "attachment_refused"
    SYNONYM_ADDED = "synonym_added"
    SYNONYM_CHANGED = "synonym_changed"
    SYNONYM_DISABLED = "synonym_disabled"
    SYNONYM_ENABLED = "synonym_enabled"
    SYNONYM_REMOVED = "synonym_removed"
    SYNONYM_RESTORED = "synonym_restored"
    LABEL_CHANGED = "label_changed"
    LABEL_RESET = "label_reset"
    NOTICE_DRAFTED = "notice_drafted"
    NOTICE_PUBLISHED = "notice_published"
    NOTICE_CHANGED = "notice_changed"
    NOTICE_ENDED = "notice_ended"
    NOTICE_DISCARDED = "notice_discarded"
    MESSAGE_RECEIVED = "message_received"
    MESSAGE_ANSWERED = "message_answered"
    MESSAGE_CLOSED = "message_closed"
    MESSAGE_REOPENED = "message_reopened"
    PAGE_VIEWS_IMPORTED = "page_views_imported"
    REPORT_COST_SET = "report_cost_set"
    REPORT_YEAR_CLOSED = "report_year_closed"
    AUDIT_EXPORTED = "audit_exported"
    JOB_REQUESTED = "job_requested"

    @property
    def label(self) -> str:
        """What it is called on pages and in exports."""
        return _LABELS[self]


_LABELS = {
    AuditAction.SIGN_IN: "ログイン",
    AuditAction.SIGN_IN_FAILED: "ログインの失敗",
    AuditAction.SIGN_OUT: "ログアウト",
    AuditAction.SESSION_ENDED: "ログイン中の端末の終了",
    AuditAction.SECOND_FACTOR_FAILED: "2段階認証の失敗",
    AuditAction.SECOND_FACTOR_ENROLLED: "2段階認証の登録",
    AuditAction.SECOND_FACTOR_RESET: "2段階認証の解除",
    AuditAction.RECOVERY_CODES_RENEWED: "回復コードの作り直し",
    AuditAction.PASSWORD_CHANGED: "パスワードの変更",
    AuditAction.PASSWORD_RESET_REQUESTED: "パスワード再設定の申し込み",
    AuditAction.PASSWORD_RESET: "パスワードの再設定",
    AuditAction.MEMBER_SIGNED_UP: "会員の登録",
    AuditAction.USER_CREATED: "利用者の作成",
    AuditAction.USER_INVITED: "利用者の招待",
    AuditAction.INVITATION_WITHDRAWN: "招待の取り消し",
    AuditAction.INVITATION_ACCEPTED: "招待の承諾",
    AuditAction.USER_DISABLED: "利用者の停止",
    AuditAction.USER_ENABLED: "利用者の再開",
    AuditAction.USER_RENAMED: "名前の変更",
    AuditAction.USER_MOVED: "利用者の異動",
    AuditAction.ROLE_CHANGED: "権限の変更",
    AuditAction.EMAIL_CHANGED: "メールアドレスの変更",
    AuditAction.USER_DELETED: "利用者の削除",
    AuditAction.DATA_EXPORTED: "データの書き出し",
    AuditAction.AGENCY_CREATED: "実施機関の作成",
    AuditAction.AGENCY_CHANGED: "実施機関の変更",
    AuditAction.LISTING_CREATED: "支援情報の作成",
    AuditAction.LISTING_SUBMITTED: "支援情報の確認依頼",
    AuditAction.LISTING_TAKEN_BACK: "支援情報を下書きに戻した",
    AuditAction.LISTING_RETURNED: "支援情報の差し戻し",
    AuditAction.LISTING_SCHEDULED: "支援情報の公開予約",
    AuditAction.LISTING_PUBLISHED: "支援情報の公開",
    AuditAction.LISTING_CHANGE_DROPPED: "支援情報の変更の取りやめ",
    AuditAction.LISTING_WITHDRAWN: "支援情報の掲載終了",
    AuditAction.LISTING_RESTORED: "支援情報の再公開",
    AuditAction.LISTING_ARCHIVED: "支援情報の保管",
    AuditAction.LISTING_UNARCHIVED: "支援情報を保管から戻した",
    AuditAction.LISTING_END_SET: "支援情報の掲載終了の予約",
    AuditAction.LISTING_UNPUBLISHED: "支援情報の公開の取り消し",
    AuditAction.LISTING_CONFIRMED: "支援情報の内容の確認",
    AuditAction.LISTING_ACT_UNDONE: "支援情報の操作の取り消し",
    AuditAction.ATTACHMENT_ADDED: "添付ファイルの追加",
    AuditAction.ATTACHMENT_REMOVED: "添付ファイルを外した",
    AuditAction.ATTACHMENT_REFUSED: "添付ファイルのウイルスによる削除",
    AuditAction.SYNONYM_ADDED: "言いかえの追加",
    AuditAction.SYNONYM_CHANGED: "言いかえの変更",
    AuditAction.SYNONYM_DISABLED: "言いかえの停止",
    AuditAction.SYNONYM_ENABLED: "言いかえの再開",
    AuditAction.SYNONYM_REMOVED: "言いかえの取り外し",
    AuditAction.SYNONYM_RESTORED: "言いかえの復元",
    AuditAction.LABEL_CHANGED: "表示名の変更",
    AuditAction.LABEL_RESET: "表示名をはじめに戻した",
    AuditAction.NOTICE_DRAFTED: "お知らせの下書きの保存",
    AuditAction.NOTICE_PUBLISHED: "お知らせの公開",
    AuditAction.NOTICE_CHANGED: "お知らせの変更",
    AuditAction.NOTICE_ENDED: "お知らせの表示の終了",
    AuditAction.NOTICE_DISCARDED: "お知らせの下書きの削除",
    AuditAction.MESSAGE_RECEIVED: "お問い合わせの受け付け",
    AuditAction.MESSAGE_ANSWERED: "お問い合わせへの回答",
    AuditAction.MESSAGE_CLOSED: "お問い合わせの対応の終了",
    AuditAction.MESSAGE_REOPENED: "お問い合わせの対応の再開",
    AuditAction.PAGE_VIEWS_IMPORTED: "前のサイトの閲覧数の取り込み",
    AuditAction.REPORT_COST_SET: "年間の事業費の入力",
    AuditAction.REPORT_YEAR_CLOSED: "年度の締め",
    AuditAction.AUDIT_EXPORTED: "監査記録の書き出し",
    AuditAction.JOB_REQUESTED: "定期の仕事の依頼",
}
