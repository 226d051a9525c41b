package dev.reeve.adapter.mcp;

/** A request that ends with an error. Carries no stack: it is an answer, not a bug. */
final class RpcException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient RpcError error;

    RpcException(RpcError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    RpcError error() {
        return error;
    }
}
