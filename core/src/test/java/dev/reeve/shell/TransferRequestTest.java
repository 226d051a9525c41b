package dev.reeve.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.openapi.SentBody;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As which requests curl and wget send what they are told to: {@code DELETE http://e.example/x none}. */
final class TransferRequestTest {
    private static String shown(String text) throws ShellRefusedException {
        return ShellReaderTest.read(text).stream()
                .filter(ShellUse.Fetches.class::isInstance)
                .map(ShellUse.Fetches.class::cast)
                .map(fetch -> fetch.request()
                        .map(request -> request.method() + " " + fetch.url() + " " + body(request.body()))
                        .orElse("perhaps " + fetch.url()))
                .collect(Collectors.joining(", "));
    }

    private static String body(SentBody body) {
        return switch (body) {
            case SentBody.Unseen ignored -> "unseen";
            case SentBody.None ignored -> "none";
            case SentBody.Hidden(Optional<String> media) -> media.orElse("hidden");
            case SentBody.Shown(var value) -> value.toString();
            case SentBody.Written(String written) -> written;
        };
    }

    private static boolean isOpaque(String text) throws ShellRefusedException {
        return ShellReaderTest.read(text).stream().anyMatch(ShellUse.Opaque.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\0',
            value = {
                "curl e/x=>GET http://e/x none",
                "curl -I e/x=>HEAD http://e/x none",
                "curl -X DELETE e/x=>DELETE http://e/x none",
                "curl -XDELETE e/x=>DELETE http://e/x none",
                "curl -sSXDELETE e/x=>DELETE http://e/x none",
                "curl -sX DELETE e/x=>DELETE http://e/x none",
                "curl e/x --request DELETE=>DELETE http://e/x none",
                "curl --request=DELETE e/x=>DELETE http://e/x none",
                "curl -X GET -X 'DEL'ETE e/x=>DELETE http://e/x none",
                "curl -X OPTIONS e/x=>OPTIONS http://e/x none",
                "curl -X PATCH e/x e/y=>PATCH http://e/x none, PATCH http://e/y none",
                "curl -d a=1 e/x=>POST http://e/x application/x-www-form-urlencoded",
                "curl e/x -da=1=>POST http://e/x application/x-www-form-urlencoded",
                "curl -d '' e/x=>POST http://e/x none",
                "curl -d a -X DELETE e/x=>DELETE http://e/x application/x-www-form-urlencoded",
                "curl --json '{\"a\":1}' e/x=>POST http://e/x {\"a\":1}",
                "curl --json @f e/x=>POST http://e/x application/json",
                "curl --json '{' --json '}' e/x=>POST http://e/x application/json",
                "curl -X PUT -H 'content-type: application/json; charset=utf-8' -d '{}' e/x=>PUT http://e/x {}",
                "curl -H 'Content-Type: text/plain;x=y' --data-raw @a e/x=>POST http://e/x text/plain",
                "curl -H \"Content-Type: $t\" -d '{}' e/x=>POST http://e/x hidden",
                "curl -H 'Content-Type: application/json' -H 'Content-Type: a/b' -d '{}' e/x=>POST http://e/x hidden",
                "curl -H 'Content-Type: application/json' -d \"[$b]\" e/x=>POST http://e/x application/json",
                "curl -H 'Content-Type: application/json' --data-urlencode '{}' e/x=>POST http://e/x application/json",
                "curl -F a=b e/x=>POST http://e/x multipart/form-data",
                "curl -T f e/x=>PUT http://e/x hidden",
                "curl -T 'd/f g' e/x/=>PUT http://e/x/f%20g hidden",
                "curl -T f https://e=>PUT https://e/f hidden",
                "curl -T - e/x/=>PUT http://e/x/ hidden",
                "curl -T f e/x e/y=>PUT http://e/x hidden, GET http://e/x none, PUT http://e/y hidden, GET http://e/y none",
                "curl -G -d a=1 -d b=2 e/x=>GET http://e/x?a=1&b=2 none",
                "curl -Gd a=1 'e/x?c=3#f'=>GET http://e/x?c=3&a=1 none",
                "curl -G --data-urlencode 'a=b c&d' e/x=>GET http://e/x?a=b+c%26d none",
                "curl -G -I -d a=1 e/x=>HEAD http://e/x?a=1 none",
                "curl -G -X DELETE -d a=1 e/x=>DELETE http://e/x?a=1 none",
                "curl -g 'e/x?a=[1]'=>GET http://e/x?a=[1] none",
                "curl 'http://[::1]/x'=>GET http://[::1]/x none",
                "wget e/x=>GET http://e/x none",
                "wget --method=DELETE e/x=>DELETE http://e/x none",
                "wget --method DELETE e/x=>DELETE http://e/x none",
                "wget --post-data=a=1 e/x=>POST http://e/x application/x-www-form-urlencoded",
                "wget --post-file f e/x=>POST http://e/x application/x-www-form-urlencoded",
                "wget --method=PUT --body-data='{}' --header='Content-Type: application/json' e/x=>PUT http://e/x {}",
                "wget --method=PUT --body-file=f e/x=>PUT http://e/x application/x-www-form-urlencoded",
                "wget --spider e/x=>perhaps http://e/x",
                "curl -F a=b -H 'Content-Type: a/b; c=d' e/x=>POST http://e/x a/b",
                "curl -H 'Content-Type: application/json; charset=utf-16' -d '{}' e/x=>POST http://e/x application/json",
                "sudo -n env curl -XDELETE e/x=>DELETE http://e/x none",
                "sh -c 'curl -XDELETE e/x'=>DELETE http://e/x none",
            })
    void methodAndBodyAreRead(String text, String expected) throws ShellRefusedException {
        assertEquals(expected, shown(text));
        assertFalse(isOpaque(text), "it is known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl -X \"$m\" e/x",
                "curl -X$m e/x",
                "curl -X delete e/x",
                "curl -X 'GET /y HTTP/1.1' e/x",
                "curl -X TRACE e/x",
                "curl -X e/x",
                "curl -K f e/x",
                "curl --config f e/x",
                "curl e/x --next -X DELETE e/y",
                "curl e/x -: -X DELETE e/y",
                "curl --req DELETE e/x",
                "curl --no-get e/x",
                "curl -I -d a e/x",
                "curl -T f -d a e/x",
                "curl -G -T f e/x",
                "curl -G -F a=b e/x",
                "curl -F a=b -d c e/x",
                "curl -G -d @f e/x",
                "curl -G -d \"a$b\" e/x",
                "curl -G --data-urlencode a@f e/x",
                "curl -T f -T g e/x/",
                "curl -T f e/x e/y/",
                "curl -H 'X-HTTP-Method-Override: DELETE' e/x",
                "curl -H 'x-original-url: /y' e/x",
                "curl -H 'Host: other' e/x",
                "curl -H 'Content-Length: 0' -d 'DELETE /y HTTP/1.1' e/x",
                "curl -H \"content-length: $n\" -d a e/x",
                "wget --header='Transfer-Encoding: chunked' --post-data=a e/x",
                "curl -H X_HTTP_Method_Override:DELETE e/x",
                "curl -H @f e/x",
                "curl -H $'a: b\\r\\nX-HTTP-Method-Override: DELETE' e/x",
                "curl -A $'a\\r\\nX-HTTP-Method-Override: DELETE' e/x",
                "curl 'e/{x,y}'",
                "curl 'e/x?a=[1-2]'",
                "wget --method=delete e/x",
                "wget --method=$m e/x",
                "wget --body-data=a e/x",
                "wget --spider --method=DELETE e/x",
                "wget --spider --post-data=a e/x",
                "wget --method=PUT --post-data=a e/x",
                "wget --header='X-HTTP-Method: DELETE' e/x",
                "wget --meth=DELETE e/x",
            })
    void whatIsNotCertainIsOpaque(String text) throws ShellRefusedException {
        assertTrue(isOpaque(text), shown(text));
    }
}
