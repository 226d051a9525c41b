package dev.reeve.control;

import java.util.Map;
import java.util.Optional;

/**
 * What a browser asks of the pages. Host and Origin were checked.
 *
 * @param cookies the header, as it came
 * @param fetchSite what the browser says of where the request comes from; empty if it says nothing
 * @param isUnseen whether the browser says that nobody looks at the answer: a page of elsewhere has it as an image or a frame, or it is fetched ahead
 * @param hasOrigin whether it says that it comes from a page, which then is one of ours
 * @param form whether the body is one of a form
 * @param isSecure whether it came through TLS
 * @param isLocal whether it came from this machine
 * @param source its address
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record PageRequest(
        String method,
        String path,
        Map<String, String> query,
        Optional<String> cookies,
        Optional<String> fetchSite,
        boolean isUnseen,
        boolean hasOrigin,
        boolean form,
        byte[] body,
        boolean isSecure,
        boolean isLocal,
        String source) {
    public PageRequest {
        query = Map.copyOf(query);
    }

    @Override
    public String toString() {
        return "PageRequest[" + method + " " + path + "]";
    }
}
