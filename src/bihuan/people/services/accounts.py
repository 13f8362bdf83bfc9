"""Verbs on accounts: opened, closed, signed in with; passwords."""

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.base.text import zh
from bihuan.people import queries, rules
from bihuan.people.models import Account, Person, Post
from bihuan.people.services.permissions import require_for

ACCOUNTS = "people.accounts"


@transaction.atomic
def open_account(
    person: Person, *, by: Post | None, username: str, password: str, must_change: bool = True
) -> Account:
    """开通账号：首次登录须自行改密码。"""
    require_for(by, ACCOUNTS, person)
    faults = []
    if Account.objects.filter(username=username).exists():
        faults.append(_("账号“%(name)s”已被使用。请换一个账号。") % {"name": username})
    if Account.objects.filter(person=person).exists():
        faults.append(_("此人已有账号。如忘记密码，请用“重设密码”。"))
    if faults:
        raise Refused.all(faults)
    account = Account(username=username, person=person, must_change_password=must_change)
    _set_password(account, password)
    account.save()
    audit.record(by, "people.account.open", account)
    return account


@transaction.atomic
def give_account(person: Person, *, by: Post | None, username: str) -> str:
    """开通账号并发一次性密码；密码只在这里交出一次，不保存。"""
    password = rules.one_time_password()
    open_account(person, by=by, username=username, password=password)
    return password


@transaction.atomic
def close_account(account: Account, *, by: Post | None, note: str = "") -> Account:
    """停用账号：现有登录立即失效。"""
    require_for(by, ACCOUNTS, account.person)
    if by is not None and by.person_id == account.person_id:
        raise Refused(_("不能停用自己的账号。请由另一位管理员办理。"))
    account = _locked(account)
    if not account.is_active:
        raise Refused(_("账号已停用。不必再办。"))
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(by, "people.account.close", account, note=note)
    return account


@transaction.atomic
def reopen_account(account: Account, *, by: Post | None, note: str = "") -> Account:
    """恢复停用或锁定的账号。"""
    require_for(by, ACCOUNTS, account.person)
    account = _locked(account)
    account.is_active, account.failures, account.locked_until = True, 0, None
    account.save(update_fields=["is_active", "failures", "locked_until"])
    audit.record(by, "people.account.reopen", account, note=note)
    return account


@transaction.atomic
def reset_password(account: Account, *, by: Post | None, password: str) -> Account:
    """重置密码：本人下次登录须再改；现有登录立即失效。"""
    require_for(by, ACCOUNTS, account.person)
    account = _locked(account)
    _set_password(account, password)
    account.must_change_password, account.failures, account.locked_until = True, 0, None
    account.save()
    audit.record(by, "people.account.reset", account)
    return account


@transaction.atomic
def give_password(account: Account, *, by: Post | None) -> str:
    """重置密码并发一次性密码；密码只在这里交出一次，不保存。"""
    if by is not None and by.person_id == account.person_id:
        raise Refused(_("不能重置自己的密码。请用“修改密码”。"))
    password = rules.one_time_password()
    reset_password(account, by=by, password=password)
    return password


@transaction.atomic
def change_password(account: Account, *, by: Post | None, old: str, new: str) -> Account:
    """本人修改密码。"""
    if by is not None and by.person_id != account.person_id:
        raise NotAllowed(_("密码只能由本人修改。请用“重设密码”。"))
    account = _locked(account)
    if not check_password(old, account.password):
        raise Refused(_("原密码不正确。请重新输入。"))
    if old == new:
        raise Refused(_("新密码不得与原密码相同。请换一个密码。"))
    _set_password(account, new)
    account.must_change_password = False
    account.save()
    audit.record(by, "people.account.password", account)
    return account


def sign_in(username: str, password: str) -> Account:
    """核对账号密码；连续失败锁定一段时间。

    An unknown account, a wrong password and a locked account are told the same sentence after the
    same work, so that nobody learns which accounts exist. Failures are counted in a transaction of
    their own, so that the refusal does not roll the count back.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username=username.strip()).first()
        verdict = _judge_sign_in(account, password)
    if account is None or verdict:
        raise Refused(verdict or "")
    return account


def _judge_sign_in(account: Account | None, password: str) -> str:
    """The sentence that refuses this sign-in, or nothing; counts failures and locks."""
    limits = queries.sign_in_limits()
    wrong = _(
        "账号或密码不正确，或账号已锁定。连续 %(n)d 次不正确，账号锁定 %(minutes)d 分钟；"
        "仍不能登录的，请联系管理员。"
    ) % {"n": limits.failures, "minutes": limits.locked_for.seconds // 60}
    if account is None or account.is_locked():
        make_password(password)  # the same work as for a real account: no telling by the clock
        return wrong
    if not check_password(password, account.password):
        account.failures += 1
        if account.failures >= limits.failures:
            account.failures, account.locked_until = 0, clock.now() + limits.locked_for
            audit.record(None, "people.account.lock", account)
        account.save(update_fields=["failures", "locked_until"])
        return wrong
    if not account.is_active:
        return _("账号已停用。请联系管理员。")
    post = queries.posts_of(account.person).first()
    if post is None:
        return _("您目前没有有效的任职，不能登录。请联系管理员。")
    account.failures, account.locked_until, account.last_login = 0, None, clock.now()
    account.save(update_fields=["failures", "locked_until", "last_login"])
    audit.record(post, "people.account.signin", account)
    return ""


# Django's own sentences are partly untranslated in Chinese; these say what to do next as well.
_WEAK = {
    "password_too_short": zh("密码太短。请至少用 10 个字符。"),
    "password_too_common": zh("密码太常见，容易被猜到。请换一个。"),
    "password_entirely_numeric": zh("密码不能全是数字。请加上字母或符号。"),
    "password_too_similar": zh("密码与账号太相近。请换一个。"),
}


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, user=account)
    except ValidationError as fault:
        raise Refused.all(_weakness(weak) for weak in fault.error_list) from fault
    account.set_password(password)


def _weakness(fault: ValidationError) -> str:
    known = _WEAK.get(str(fault.code))  # a validator that an office added speaks for itself
    return _(known) if known else fault.messages[0]


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update().get(pk=account.pk)
