"""Everything that a server answers to a plan, in one line of JSON: lists, calls, reads and prompts, errors too.

    answers.py [--sdk mcp|fastmcp] --plan JSON http URL [--token T] [--revision auto|legacy|2026-07-28]
    answers.py [--sdk mcp|fastmcp] --plan JSON stdio COMMAND ARG...

The plan: {"calls": [[TOOL, ARGUMENTS]...], "reads": [URI...], "gets": [[PROMPT, ARGUMENTS]...]}
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from fastmcp import Client as FastClient
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.model_dump(by_alias=True, mode="json", exclude_none=True)


async def answer(run: Callable[[], Awaitable[Any]]) -> Any:
    try:
        return plain(await run())
    except MCPError as error:
        return {"error": {"code": error.error.code, "message": error.error.message, "data": error.error.data}}
    except Exception as error:  # what a client makes of a refusal is part of what is compared
        return {"error": {"type": type(error).__name__, "message": str(error)}}


async def official(client: Client, plan: dict[str, Any]) -> dict[str, Any]:
    can = plain(client.server_capabilities)
    out = {"tools": await answer(client.list_tools)}
    if can.get("resources") is not None:
        out["resources"] = await answer(client.list_resources)
        out["templates"] = await answer(client.list_resource_templates)
    if can.get("prompts") is not None:
        out["prompts"] = await answer(client.list_prompts)
    out["calls"] = [await answer(lambda c=call: client.call_tool(c[0], c[1])) for call in plan["calls"]]
    out["reads"] = [await answer(lambda u=uri: client.read_resource(u)) for uri in plan["reads"]]
    out["gets"] = [await answer(lambda g=get: client.get_prompt(g[0], g[1])) for get in plan["gets"]]
    return out


async def fast(client: Any, plan: dict[str, Any]) -> dict[str, Any]:
    out = {"tools": await answer(client.list_tools)}
    out["calls"] = [await answer(lambda c=call: client.call_tool_mcp(c[0], c[1])) for call in plan["calls"]]
    out["reads"] = [await answer(lambda u=uri: client.read_resource(u)) for uri in plan["reads"]]
    out["gets"] = [await answer(lambda g=get: client.get_prompt(g[0], g[1])) for get in plan["gets"]]
    return out


async def run(options: argparse.Namespace) -> dict[str, Any]:
    plan = {"calls": [], "reads": [], "gets": []} | json.loads(options.plan)
    headers = {"Authorization": f"Bearer {options.token}"} if options.token else {}
    command, *arguments = options.target
    if options.sdk == "fastmcp":
        http = StreamableHttpTransport(command, headers=headers) if options.transport == "http" else None
        async with FastClient(http or StdioTransport(command, arguments, env=dict(os.environ))) as client:
            return await fast(client, plan)
    if options.transport == "http":
        transport: Any = streamable_http_client(command, http_client=httpx2.AsyncClient(headers=headers, timeout=30))
    else:
        transport = stdio_client(StdioServerParameters(command=command, args=arguments, env=dict(os.environ)))
    async with Client(transport, mode=options.revision) as client:
        return await official(client, plan)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdk", choices=["mcp", "fastmcp"], default="mcp")
    parser.add_argument("--plan", default="{}")
    parser.add_argument("--token", default="")
    parser.add_argument("--revision", default="auto")
    parser.add_argument("transport", choices=["http", "stdio"])
    parser.add_argument("target", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    options.target = [word for word in options.target if word != "--"]
    print(json.dumps(asyncio.run(asyncio.wait_for(run(options), 60))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
