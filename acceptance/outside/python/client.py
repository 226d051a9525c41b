"""A client for the acceptance tests: lists tools, calls one, prints ONE line of JSON.

    client.py http URL [options]
    client.py stdio [options] -- COMMAND ARG...

--revision auto|legacy|2026-07-28   how to connect (auto: discover, else initialize; default)
--token T                           Authorization: Bearer T            --header 'Name: value' (repeatable)
--call TOOL --args JSON             call a tool                        --timeout SECONDS
--more                              list and read resources, list and get prompts
--answer JSON                       accept elicitations with this content; --decline declines them
--listen SECONDS                    subscribe to tool changes first, report the events seen for that long after the call
"""

import argparse
import asyncio
import json
import sys
from typing import Any

import httpx2
import mcp_types as types
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client


def plain(model: Any) -> Any:
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


def failure(error: BaseException) -> dict[str, Any]:
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, MCPError):
        return {"code": error.error.code, "message": error.error.message, "data": error.error.data}
    return {"type": type(error).__name__, "message": str(error)}


async def more(client: Client, out: dict[str, Any]) -> None:
    resources = (await client.list_resources()).resources
    out["resources"] = [r.uri for r in resources]
    out["templates"] = [t.uri_template for t in (await client.list_resource_templates()).resource_templates]
    out["read"] = [plain(await client.read_resource(str(r.uri))) for r in resources[:1]]
    prompts = (await client.list_prompts()).prompts
    out["prompts"] = [p.name for p in prompts]
    out["got"] = [
        plain(await client.get_prompt(p.name, {a.name: "x" for a in p.arguments or []})) for p in prompts[:1]
    ]


async def talk(client: Client, options: argparse.Namespace, out: dict[str, Any]) -> None:
    out["version"] = client.protocol_version
    out["server"] = plain(client.server_info) if client.server_info else None
    out["tools"] = [t.name for t in (await client.list_tools()).tools]
    if options.more:
        await more(client, out)
    if options.call:
        progress: list[Any] = []

        async def on_progress(done: float, total: float | None, message: str | None) -> None:
            progress.append([done, total, message])

        try:
            arguments = json.loads(options.args)
            result = await client.call_tool(options.call, arguments, progress_callback=on_progress)
            out["result"] = plain(result)
        except MCPError as error:
            out["error"] = failure(error)
        if progress:
            out["progress"] = progress


async def listening(client: Client, options: argparse.Namespace, out: dict[str, Any]) -> None:
    async with client.listen(tools_list_changed=True, resource_subscriptions=["config://app"]) as stream:
        events: list[str] = []

        async def collect() -> None:
            async for event in stream:
                events.append(repr(event))

        task = asyncio.create_task(collect())
        await talk(client, options, out)
        await asyncio.sleep(options.listen)
        task.cancel()
        out["events"] = events


async def run(options: argparse.Namespace) -> dict[str, Any]:
    out: dict[str, Any] = {}

    async def elicit(_context: Any, params: Any) -> types.ElicitResult:
        out.setdefault("asked", []).append(plain(params))
        if options.decline:
            return types.ElicitResult(action="decline")
        return types.ElicitResult(action="accept", content=None if "url" in plain(params) else json.loads(options.answer))

    headers = dict(h.split(": ", 1) for h in options.header)
    if options.token:
        headers["Authorization"] = f"Bearer {options.token}"
    if options.transport == "http":
        http = httpx2.AsyncClient(headers=headers, timeout=options.timeout)
        transport = streamable_http_client(options.target[0], http_client=http)
    else:
        transport = stdio_client(StdioServerParameters(command=options.target[0], args=options.target[1:]))
    try:
        callback = elicit if options.answer or options.decline else None
        async with Client(transport, mode=options.revision, elicitation_callback=callback) as client:
            await (listening if options.listen else talk)(client, options, out)
    except Exception as error:
        out["failed"] = failure(error)
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transport", choices=["http", "stdio"])
    parser.add_argument("--revision", default="auto")
    parser.add_argument("--token", default="")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--call", default="")
    parser.add_argument("--args", default="{}")
    parser.add_argument("--more", action="store_true")
    parser.add_argument("--answer", default="")
    parser.add_argument("--decline", action="store_true")
    parser.add_argument("--listen", type=float, default=0)
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("target", nargs="+")
    options = parser.parse_args()
    out = asyncio.run(asyncio.wait_for(run(options), options.timeout + 30))
    print(json.dumps(out))
    return 1 if "failed" in out else 0


if __name__ == "__main__":
    sys.exit(main())
