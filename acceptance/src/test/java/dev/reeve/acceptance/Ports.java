package dev.reeve.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** For programs that do not tell which port they took. */
final class Ports {
    private Ports() {}

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
