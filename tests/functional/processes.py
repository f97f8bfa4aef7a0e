"""The processes of a portal that serves, as the system tells of them."""

from contextlib import suppress
from pathlib import Path


def children_of(parent: int) -> set[int]:
    """Process ids of the living children of a process."""
    children = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                children.add(int(stat.parent.name))
    return children


def workers_of(server: int) -> set[int]:
    """The children of a server that answer requests: they are forked, and so have its command."""
    command = command_of(server)
    return {pid for pid in children_of(server) if command_of(pid) == command}


def watchers_of(server: int) -> set[int]:
    """The children of a server that watch for jobs."""
    return {pid for pid in children_of(server) if b"watch" in command_of(pid).split(b"\0")}


def command_of(pid: int) -> bytes:
    """The command line of a process; empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
