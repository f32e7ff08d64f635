"""An assistant that speaks with a server through the official SDK of the Model Context Protocol.

Started as `assistant.py PROGRAM ARGUMENTS...`; standard input is a list of calls, `[[tool, arguments],
...]`. It prints what it was told, as one JSON object.
"""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters, stdio_client


async def ask(program, arguments, calls):
    server = StdioServerParameters(command=program, args=arguments)
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        greeted = await session.initialize()
        listed = await session.list_tools()
        answers = [await session.call_tool(tool, arguments) for tool, arguments in calls]
        dump = lambda told: told.model_dump(mode="json", by_alias=True)
        return {
            "greeted": dump(greeted),
            "tools": dump(listed)["tools"],
            "answers": [dump(answer) for answer in answers],
        }


print(json.dumps(asyncio.run(ask(sys.argv[1], sys.argv[2:], json.load(sys.stdin)))))
