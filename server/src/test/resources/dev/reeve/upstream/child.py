"""An MCP server on its pipes for tests. Usage: child.py legacy|modern|shy [switch...]

shy: ends when the first message is not initialize. What a call does is said by its argument `do`.
"""
import json
import os
import subprocess
import sys
import threading

ERA = sys.argv[1]
SWITCHES = sys.argv[2:]
LOCK = threading.Lock()


def say(message):
    with LOCK:
        sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def result(request, value):
    say({"jsonrpc": "2.0", "id": request["id"], "result": value})


def refuse(request, code, message):
    say({"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message}})


def text(value, **more):
    return dict({"content": [{"type": "text", "text": value}]}, **more)


def call(request):
    arguments = request["params"].get("arguments", {})
    what = arguments.get("do", "echo")
    if what == "echo":
        result(request, text(str(arguments.get("message", "done"))))
    elif what == "pid":
        result(request, text(str(os.getpid())))
    elif what == "env":
        result(request, text(json.dumps(dict(os.environ), sort_keys=True)))
    elif what == "cwd":
        result(request, text(os.getcwd()))
    elif what == "fds":
        result(request, text(" ".join(sorted(os.listdir("/proc/self/fd"), key=int))))
    elif what == "crash":
        sys.stderr.write("I am \x1b[31mbroken\x1b[0m and my token is " + os.environ.get("TOKEN", "unset") + "\n")
        sys.stderr.flush()
        os._exit(3)
    elif what == "renounce":
        with open(arguments["message"], "a") as runs:
            runs.write("ran\n")
        refuse(request, -32022, "Unsupported protocol version")
    elif what == "unfinished":
        sys.stdout.write("x" * arguments["size"])
        sys.stdout.flush()
        threading.Event().wait()
    elif what == "silence":
        pass
    elif what == "begun":
        say({"jsonrpc": "2.0", "method": "notifications/progress",
             "params": {"progressToken": request["params"]["_meta"]["progressToken"], "progress": 1}})
    elif what == "deaf":
        result(request, text("done"))
        threading.Event().wait()
    elif what == "progress":
        token = request["params"]["_meta"]["progressToken"]
        for step in (1, 2):
            say({"jsonrpc": "2.0", "method": "notifications/progress",
                 "params": {"progressToken": token, "progress": step, "total": 2}})
        say({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": "other", "progress": 9}})
        result(request, text("done"))
    elif what == "large":
        result(request, text("x" * int(arguments["size"])))
    elif what == "flood-stderr":
        for _ in range(int(arguments["size"])):
            sys.stderr.write("noise " * 100 + "\n")
        sys.stderr.flush()
        result(request, text("done"))
    elif what == "flood-stdout":
        for number in range(int(arguments["size"])):
            sys.stdout.write("this is no message %d\n" % number)
        sys.stdout.flush()
        result(request, text("done"))
    elif what == "change":
        say({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        result(request, text("done"))
    elif what == "ask":
        say({"jsonrpc": "2.0", "id": 0, "method": "sampling/createMessage", "params": {}})
        reply = json.loads(sys.stdin.readline())
        result(request, text(json.dumps(reply, sort_keys=True)))
    elif what == "grandchild":
        kid = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL)
        result(request, text(str(kid.pid)))
    elif what == "stubborn":
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        result(request, text(str(os.getpid())))
        while True:
            signal.pause()


def answer(request):
    method = request.get("method")
    if method == "server/discover" and "drowsy" in SWITCHES:
        SWITCHES.remove("drowsy")
    elif method == "initialize" and ERA == "modern":
        refuse(request, -32022, "Unsupported protocol version")
    elif method == "initialize" and ERA != "modern":
        result(request, {"protocolVersion": "2025-11-25", "capabilities": {"tools": {"listChanged": True}},
                         "serverInfo": {"name": "child", "version": "1"}})
    elif method == "server/discover" and ERA == "modern":
        result(request, {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {"listChanged": True}},
                         "resultType": "complete", "ttlMs": 0, "cacheScope": "private"})
    elif method == "subscriptions/listen" and ERA == "modern":
        say({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged",
             "params": {"_meta": {"io.modelcontextprotocol/subscriptionId": request["id"]}, "notifications": {}}})
    elif method == "tools/list":
        result(request, {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]})
    elif method == "tools/call":
        call(request)
    elif method == "notifications/cancelled":
        sys.stderr.write("cancelled\n")
        sys.stderr.flush()
    elif "id" in request and method:
        refuse(request, -32601, "Method not found")


def main():
    if "die" in SWITCHES:
        sys.stderr.write("no licence\n")
        sys.exit(4)
    first = True
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        if first and ERA == "shy" and request.get("method") != "initialize":
            sys.exit(5)
        first = False
        answer(request)


main()
