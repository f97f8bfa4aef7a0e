"""``portal user``: accounts from the command line, above all the first administrator."""

import sys

import click
from sqlalchemy.orm import Session

from portal.accounts import (
    emails,
    invitations,
    queries,
    second_factor,
    services,
    user_queries,
)
from portal.accounts.invitations import Inviter, Wanted
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.services import NewUser
from portal.accounts.user_queries import UserFilter, UserState
from portal.agencies import queries as agency_queries
from portal.audit.types import OPERATOR
from portal.command_context import CommandContext
from portal.db import write_transaction
from portal.errors import FieldProblem, InvalidInputError

_ROLES = click.Choice([role.value for role in Role])
_INVITED_ROLES = click.Choice([role.value for role in invitations.INVITED_ROLES])


@click.group()
def user() -> None:
    """Look after accounts. What is done here is recorded as done by the operator."""


@user.command()
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--role", required=True, type=_ROLES)
@click.option("--agency", metavar="CODE", help="For staff and approvers: their agency.")
@click.option("--name", help="What pages call them; else the first part of the address.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def create(
    context: CommandContext,
    email: str,
    role: str,
    agency: str | None,
    name: str | None,
    password_stdin: bool,
) -> None:
    """Make an account. Asks for the password, without showing it."""
    password = _password_from(is_piped=password_stdin)
    held = context.resources
    if emails.is_demo(emails.fold(email)):
        problem = FieldProblem("email", f"{emails.DEMO_DOMAIN} は見本のアカウントだけが使います。")
        raise InvalidInputError([problem])
    with held.sessions() as session:
        wanted = _wanted(session, email, name, role, agency)
        services.check_new_user(session, wanted, password)
    password_hash = held.passwords.hash(password)
    with write_transaction(held.sessions) as session:
        wanted = _wanted(session, email, name, role, agency)
        made = services.create_user(
            session, wanted, password_hash, actor=OPERATOR, now=held.clock.now()
        )
        click.echo(f"{made.email} is {made.role}.")


@user.command()
@click.option("--email", required=True, help="Where the invitation goes.")
@click.option("--role", required=True, type=_INVITED_ROLES)
@click.option("--agency", metavar="CODE", help="For staff and approvers: their agency.")
@click.option("--name", default="", help="What the mail calls them; they may change it.")
@click.pass_obj
def invite(context: CommandContext, email: str, role: str, agency: str | None, name: str) -> None:
    """Send somebody a link by which they make their account, within 48 hours."""
    held = context.resources
    base_url = held.settings.base_url
    head = Letterhead(
        held.shipped_vocabulary.portal_name, base_url, f"{base_url}{invitations.PATH}/"
    )
    with write_transaction(held.sessions) as session:
        found = agency_queries.get_by_code(session, agency) if agency else None
        wanted = Wanted(email, Role(role), found, name)
        invitations.invite(session, wanted, Inviter(OPERATOR), head, now=held.clock.now())
    sent = held.mailer.deliver_due().sent
    click.echo(f"{email} is invited.")
    if not sent:
        click.echo("The mail waits in the outbox: `portal jobs run mail-send` sends it.")


@user.command()
@click.argument("email")
@click.pass_obj
def disable(context: CommandContext, email: str) -> None:
    """Keep somebody out, from their next request on; the last administrator, too."""
    held = context.resources
    now = held.clock.now()
    able = UserFilter(role=Role.ADMIN, state=UserState.ACTIVE)
    with write_transaction(held.sessions) as session:
        found = queries.get_by_email(session, email)
        is_new = services.disable(session, found, actor=OPERATOR, now=now)
        left = user_queries.count_users(session, able, agency_id=None, now=now)
    click.echo(f"{found.email} is disabled." if is_new else f"{found.email} was disabled before.")
    if not left:
        click.echo(
            "No administrator can sign in now. `portal user create --role admin` makes one, with"
            " another address; they let others in again under /admin/users.",
            err=True,
        )


@user.command(name="reset-totp")
@click.argument("email")
@click.pass_obj
def reset_totp(context: CommandContext, email: str) -> None:
    """Take the second factor of somebody away who lost it. Make sure it is them who ask."""
    held = context.resources
    with write_transaction(held.sessions) as session:
        found: User = queries.get_by_email(session, email)
        had_one = second_factor.reset(session, found, actor=OPERATOR, now=held.clock.now())
    click.echo(
        f"{found.email} has no second factor now."
        if had_one
        else f"{found.email} had no second factor."
    )


def _password_from(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _wanted(
    session: Session, email: str, name: str | None, role: str, agency: str | None
) -> NewUser:
    return NewUser(
        email=email,
        name=name or email.partition("@")[0],
        role=Role(role),
        agency=agency_queries.get_by_code(session, agency) if agency else None,
    )
