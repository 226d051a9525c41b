"""An MCP server for the acceptance tests: serves 2026-07-28 and the earlier revisions, over HTTP and stdio.

    server.py stdio
    server.py http [--port 0] [--token SECRET] [--json] [--stateless]
    either with --sdk mcp (default, the official SDK) or --sdk fastmcp

Over HTTP the endpoint is http://127.0.0.1:PORT/mcp; the first line on stdout is {"url": "..."}.
With --token every request needs `Authorization: Bearer SECRET`, else 401.
"""

import argparse
import asyncio
import json
import socket
import ssl
import sys
from typing import Annotated, Any

import mcp_types as types
import uvicorn
from mcp import MCPError
from pydantic import BaseModel, Field


class Sum(BaseModel):
    sum: int


def build_mcp() -> Any:
    """The official SDK: all features of 2026-07-28, subscriptions included."""
    from mcp.server.mcpserver import Context, MCPServer

    server = MCPServer(
        "reeve-outside", version="1.0.0", instructions="A server to test against.", log_level="WARNING"
    )

    @server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
    def echo(text: str) -> str:
        """Gives the text back."""
        return text

    @server.tool(annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True))
    def add(a: int, b: int) -> Sum:
        """Adds two whole numbers; structured output."""
        return Sum(sum=a + b)

    @server.tool()
    async def slow(seconds: float, ctx: Context, steps: int = 4) -> str:
        """Takes its time and reports progress."""
        for step in range(steps):
            await asyncio.sleep(seconds / steps)
            await ctx.report_progress(step + 1, steps, f"step {step + 1} of {steps}")
        return f"slept {seconds}"

    @server.tool()
    async def ask(question: str, ctx: Context) -> types.CallToolResult | types.InputRequiredResult:
        """Asks the user by a form before it answers (`input_required`)."""
        need(ctx, "form")
        return answer_or_ask(question, ctx.input_responses, ctx.request_state, url=None)

    @server.tool()
    async def ask_url(question: str, ctx: Context) -> types.CallToolResult | types.InputRequiredResult:
        """Sends the user to an address before it answers (`input_required`, url mode)."""
        need(ctx, "url")
        return answer_or_ask(question, ctx.input_responses, ctx.request_state, url="https://example.com/approve")

    @server.tool()
    def headers(ctx: Context) -> dict[str, str]:
        """The HTTP headers that reached this server with the call."""
        return dict(ctx.headers or {})

    @server.tool()
    def in_region(
        region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})], text: str
    ) -> str:
        """A tool with an argument that HTTP clients mirror as `Mcp-Param-Region`."""
        return f"{region}: {text}"

    @server.tool()
    def fail(message: str) -> str:
        """Always fails."""
        raise ValueError(message)

    @server.tool()
    async def add_tool(name: str, ctx: Context, description: str = "Added at run time.") -> str:
        """Adds (or redefines) a tool and tells the subscribers."""
        present = {tool.name for tool in await server.list_tools()}
        if name in present:
            server.remove_tool(name)
        server.add_tool(lambda text: text, name=name, description=description)
        await ctx.notify_tools_changed()
        await ctx.session.send_tool_list_changed()
        return f"added {name}"

    @server.tool()
    async def touch(ctx: Context) -> str:
        """Tells the subscribers that config://app changed."""
        await ctx.notify_resource_updated("config://app")
        return "touched"

    @server.resource("config://app", mime_type="application/json")
    def config() -> str:
        """The configuration of the app."""
        return '{"theme":"dark"}'

    @server.resource("greeting://{name}")
    def greeting(name: str) -> str:
        """A greeting for a name."""
        return f"Hello, {name}!"

    @server.prompt()
    def review(code: str) -> str:
        """Asks for a review of code."""
        return f"Please review:\n{code}"

    return server


def build_fastmcp() -> Any:
    """FastMCP: the same names as far as it offers them; no subscriptions/listen."""
    from fastmcp import Context, FastMCP

    server = FastMCP("reeve-outside-fastmcp", version="1.0.0", instructions="A server to test against.")

    @server.tool(annotations={"readOnlyHint": True})
    def echo(text: str) -> str:
        """Gives the text back."""
        return text

    @server.tool(annotations={"readOnlyHint": True, "idempotentHint": True})
    def add(a: int, b: int) -> Sum:
        """Adds two whole numbers; structured output."""
        return Sum(sum=a + b)

    @server.tool
    async def slow(seconds: float, ctx: Context, steps: int = 4) -> str:
        """Takes its time and reports progress."""
        for step in range(steps):
            await asyncio.sleep(seconds / steps)
            await ctx.report_progress(step + 1, steps, f"step {step + 1} of {steps}")
        return f"slept {seconds}"

    @server.tool
    async def ask(question: str, ctx: Context) -> Any:
        """Asks the user by a form before it answers (`input_required`)."""
        return answer_or_ask(question, ctx.input_responses, ctx.request_state, url=None)

    @server.tool
    def fail(message: str) -> str:
        """Always fails."""
        raise ValueError(message)

    @server.tool
    async def add_tool(name: str, ctx: Context, description: str = "Added at run time.") -> str:
        """Adds (or redefines) a tool."""
        from fastmcp.tools import Tool

        def added(text: str) -> str:
            return text

        server.add_tool(Tool.from_function(added, name=name, description=description))
        return f"added {name}"

    @server.resource("config://app", mime_type="application/json")
    def config() -> str:
        """The configuration of the app."""
        return '{"theme":"dark"}'

    @server.prompt
    def review(code: str) -> str:
        """Asks for a review of code."""
        return f"Please review:\n{code}"

    return server


def need(ctx: Any, mode: str) -> None:
    """Refuses with -32021 unless the client declared elicitation in this mode."""
    declared = ctx.client_capabilities.elicitation if ctx.client_capabilities else None
    plain = declared is not None and declared.form is None and declared.url is None  # `{}` means form
    if declared is None or not (getattr(declared, mode) is not None or (mode == "form" and plain)):
        required = {"requiredCapabilities": {"elicitation": {mode: {}}}}
        raise MCPError(types.MISSING_REQUIRED_CLIENT_CAPABILITY, f"needs elicitation in {mode} mode", required)


def answer_or_ask(question: str, responses: Any, state: str | None, url: str | None) -> Any:
    if responses and "answer" in responses:
        reply = responses["answer"]
        text = json.dumps({"action": reply.action, "content": getattr(reply, "content", None), "state": state})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)])
    if url:
        params: Any = types.ElicitRequestURLParams(mode="url", message=question, url=url, elicitation_id="1")
    else:
        params = types.ElicitRequestFormParams(
            message=question,
            requested_schema={"type": "object", "properties": {"value": {"type": "string"}}, "required": ["value"]},
        )
    return types.InputRequiredResult(
        input_requests={"answer": types.ElicitRequest(method="elicitation/create", params=params)},
        request_state="round-1",
    )


def http_app(server: Any, options: argparse.Namespace) -> Any:
    if options.sdk == "fastmcp":
        return server.http_app(path="/mcp", json_response=options.json, stateless_http=options.stateless)
    return server.streamable_http_app(json_response=options.json, stateless_http=options.stateless)


def guarded(app: Any, token: str) -> Any:
    expected = f"Bearer {token}".encode()

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and dict(scope["headers"]).get(b"authorization") != expected:
            challenge = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 401, "headers": challenge})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return guard


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transport", choices=["stdio", "http"])
    parser.add_argument("--sdk", choices=["mcp", "fastmcp"], default="mcp")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="")
    parser.add_argument("--json", action="store_true", help="answer application/json where possible")
    parser.add_argument("--stateless", action="store_true", help="no sessions for the earlier revisions")
    parser.add_argument("--tls", nargs=3, metavar=("CERTIFICATE", "KEY", "CLIENT_CA"), help="https, for known clients")
    options = parser.parse_args()
    server = build_fastmcp() if options.sdk == "fastmcp" else build_mcp()
    if options.transport == "stdio":
        server.run(transport="stdio", **({"show_banner": False} if options.sdk == "fastmcp" else {}))
        return
    app = http_app(server, options)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY by proto
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    listener.listen(128)
    scheme, tls = "http", {}
    if options.tls:
        scheme = "https"
        certificate, key, client_ca = options.tls
        tls = {"ssl_certfile": certificate, "ssl_keyfile": key, "ssl_ca_certs": client_ca, "ssl_cert_reqs": ssl.CERT_REQUIRED}
    print(json.dumps({"url": f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/mcp"}), flush=True)
    config = uvicorn.Config(guarded(app, options.token) if options.token else app, log_level="warning", **tls)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
