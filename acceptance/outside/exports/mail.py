"""A mail server of somebody else's (aiosmtpd) that wants a password, and appends each message to a file, as Python's own library reads it."""
import asyncio
import json
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult


class Appends:
    async def handle_DATA(self, server, session, envelope):
        read = message_from_bytes(envelope.original_content, policy=policy.default)
        with open(sys.argv[2], "a") as into:
            into.write(json.dumps({
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": read.keys(),
                "subject": read["Subject"],
                "id": read["Message-ID"],
                "defects": [str(one) for one in read.defects],
                "body": read.get_content(),
            }) + "\n")
        return "250 taken"


def authenticated(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b"reeve", b"pass word")
    return AuthResult(success=good)


async def main(port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Appends(), hostname="mail.test", authenticator=authenticated, auth_required=True,
                     auth_require_tls=False, loop=loop),
        "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1])))
