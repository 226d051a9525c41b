"""ML-DSA-44 (FIPS 204, algorithms 3 and 8): polynomials of 256 coefficients modulo Q. Needed for keys of that kind only."""
import hashlib

Q, GAMMA1, GAMMA2, BETA, OMEGA = 8380417, 1 << 17, 95232, 78, 80
ZETAS = [pow(1753, int(f"{i:08b}"[::-1], 2), Q) for i in range(256)]


def ntt(w):
    w, m, length = w[:], 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            m += 1
            for j in range(start, start + length):
                t = ZETAS[m] * w[j + length] % Q
                w[j], w[j + length] = (w[j] + t) % Q, (w[j] - t) % Q
        length //= 2
    return w


def inverse_ntt(w):
    w, m, length = w[:], 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            m -= 1
            for j in range(start, start + length):
                t, w[j] = w[j], (w[j] + w[j + length]) % Q
                w[j + length] = -ZETAS[m] * (t - w[j + length]) % Q
        length *= 2
    return [x * 8347681 % Q for x in w]


def unpack(data, bits):
    number = int.from_bytes(data, "little")
    return [number >> (bits * i) & (1 << bits) - 1 for i in range(256)]


def uniform(seed):
    """RejNTTPoly. So many bytes give 256 coefficients but once in 2^128 or so."""
    data = hashlib.shake_128(seed).digest(3 * 512)
    found = [data[i] | data[i + 1] << 8 | (data[i + 2] & 127) << 16 for i in range(0, len(data), 3)]
    return [x for x in found if x < Q][:256]


def in_ball(seed):
    """39 coefficients of 1 or -1."""
    data, c, at = hashlib.shake_256(seed).digest(1024), [0] * 256, 8
    signs = int.from_bytes(data[:8], "little")
    for i in range(217, 256):
        while data[at] > i:
            at += 1
        c[i], c[data[at]] = c[data[at]], 1 - 2 * (signs & 1)
        at, signs = at + 1, signs >> 1
    return c


def hints(data):
    """The set of places for each of four polynomials; None if it is not in its one spelling."""
    found, at = [], 0
    for i in range(4):
        end = data[OMEGA + i]
        places = list(data[at:end])
        if end < at or end > OMEGA or places != sorted(set(places)):
            return None
        found.append(set(places))
        at = end
    return None if any(data[at:OMEGA]) else found


def use_hint(hinted, r):
    low = r % (2 * GAMMA2)
    low -= 2 * GAMMA2 if low > GAMMA2 else 0
    high, low = (0, low - 1) if r - low == Q - 1 else ((r - low) // (2 * GAMMA2), low)
    return (high + (1 if low > 0 else -1)) % 44 if hinted else high


def verifies_ml_dsa(key, message, signature):
    if len(signature) != 2420:
        return False
    z = [[GAMMA1 - x for x in unpack(signature[32 + 576 * i : 608 + 576 * i], 18)] for i in range(4)]
    h = hints(signature[2336:])
    if h is None or any(abs(x) >= GAMMA1 - BETA for poly in z for x in poly):
        return False
    mu = hashlib.shake_256(hashlib.shake_256(key).digest(64) + b"\0\0" + message).digest(64)
    c, z, w1 = ntt(in_ball(signature[:32])), [ntt([x % Q for x in poly]) for poly in z], b""
    for row in range(4):
        w = [-x * y % Q for x, y in zip(c, ntt([t << 13 for t in unpack(key[32 + 320 * row : 352 + 320 * row], 10)]))]
        for column in range(4):
            w = [(x + a * y) % Q for x, a, y in zip(w, uniform(key[:32] + bytes([column, row])), z[column])]
        high = [use_hint(i in h[row], r) for i, r in enumerate(inverse_ntt(w))]
        w1 += sum(x << 6 * i for i, x in enumerate(high)).to_bytes(192, "little")
    return hashlib.shake_256(mu + w1).digest(32) == signature[:32]
