"""A server that tries to get out. One JSON request a line ({"do": ..., ...}), one JSON answer a line: "done" or what refused it."""

import ctypes
import errno
import json
import os
import signal
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)


def system(call, *arguments):
    ctypes.set_errno(0)
    return "done" if call(*arguments) >= 0 else errno.errorcode[ctypes.get_errno()]


def read(path):
    with open(path, "rb") as file:
        file.read(1)
    return "done"


def write(path, text="x"):
    with open(path, "w") as file:
        file.write(text)
    return "done"


def connect(host, port):
    with socket.create_connection((host, port), timeout=5):
        return "done"


def connect_unix(path):
    with socket.socket(socket.AF_UNIX) as to:
        to.connect("\0" + path[1:] if path.startswith("@") else path)
    return "done"


def fork_bomb(most):
    born = []
    try:
        for _ in range(most):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            born.append(pid)
        return "done"
    except OSError as e:
        return "%s after %d" % (errno.errorcode[e.errno], len(born))
    finally:
        for pid in born:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def fill(path, most):
    block = b"x" * 65536
    written = 0
    try:
        with open(path, "wb", buffering=0) as file:
            while written < most:
                written += file.write(block)
        return "done"
    except OSError as e:
        return "%s after %d" % (errno.errorcode[e.errno], written)
    finally:
        os.remove(path)


def allocate(bytes):
    return "done" if len(bytearray(bytes)) == bytes else "?"


def environments(name):
    """Whose environment can be read, and holds this variable."""
    seen = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as file:
                if (name + "=").encode() in file.read():
                    seen.append(pid)
        except OSError:
            pass
    return " ".join(seen)


def spin():
    while True:
        pass


def status():
    with open("/proc/self/status") as file:
        lines = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    return " ".join(name + "=" + lines[name] for name in ("CapEff", "CapBnd", "NoNewPrivs"))


DEEDS = {
    "read": read,
    "write": write,
    "list": lambda path: " ".join(sorted(os.listdir(path))),
    "connect": connect,
    "connect_unix": connect_unix,
    "fork_bomb": fork_bomb,
    "fill": fill,
    "allocate": allocate,
    "environments": environments,
    "environment": lambda: " ".join(sorted(os.environ)),
    "descriptors": lambda: " ".join(
        os.readlink("/proc/self/fd/" + fd).split(":")[0] for fd in ("0", "1", "2")
    )
    + " and %d more" % sum(1 for fd in os.listdir("/proc/self/fd") if int(fd) > 3),
    "kill": lambda pid: (os.kill(pid, signal.SIGKILL), "done")[1],
    "ptrace": lambda pid: system(libc.ptrace, 16, pid, 0, 0),
    "unshare": lambda: system(libc.unshare, 0x10000000),
    "mount": lambda: system(libc.mount, b"none", b"/tmp", b"tmpfs", 0, None),
    "remount": lambda: system(libc.mount, None, b"/usr", None, 0x1000 | 0x20, None),
    "mknod": lambda: system(libc.mknod, b"/tmp/disk", 0o60666, 0xFE00),
    "interfaces": lambda: " ".join(name for _, name in socket.if_nameindex()),
    "status": status,
    "cwd": os.getcwd,
    "spin": spin,
}

print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    deed = DEEDS[request.pop("do")]
    try:
        answer = deed(**request)
    except MemoryError:
        answer = "ENOMEM"
    except OSError as e:
        answer = errno.errorcode.get(e.errno, str(e))
    print(json.dumps(answer), flush=True)
