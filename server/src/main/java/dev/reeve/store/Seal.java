package dev.reeve.store;

import java.math.BigInteger;
import java.util.List;

/**
 * The sum of all MACs in the store, modulo 2^256: a row that was deleted, or put back as it was before, leaves each MAC valid but not the
 * sum. The sum is itself under a MAC together with the generation (R29).
 *
 * @param generation grows with each change
 */
record Seal(String store, long generation, BigInteger sum) {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    static Seal fresh(String store) {
        return new Seal(store, 0, BigInteger.ZERO);
    }

    static Seal of(String store, long generation, byte[] sum) {
        return new Seal(store, generation, new BigInteger(1, sum));
    }

    Seal plus(byte[] mac) {
        return new Seal(store, generation, sum.add(new BigInteger(1, mac)).mod(MODULUS));
    }

    Seal minus(byte[] mac) {
        return new Seal(store, generation, sum.subtract(new BigInteger(1, mac)).mod(MODULUS));
    }

    Seal next() {
        return new Seal(store, generation + 1, sum);
    }

    byte[] sumBytes() {
        byte[] bytes = sum.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    byte[] mac(StoreKey key) {
        return key.of(List.of("store_state", store, generation, sumBytes()));
    }
}
