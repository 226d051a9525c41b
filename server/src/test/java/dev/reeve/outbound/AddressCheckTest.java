package dev.reeve.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressCheckTest {
    private static final List<String> NOT_GLOBAL = List.of(
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.8",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::a00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "100:0:0:1::1",
            "2001::1",
            "2001:0:4136:e378::",
            "2001:2::1",
            "2001:10::1",
            "2001:1::4",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1");

    private static final List<String> GLOBAL = List.of(
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.0.9",
            "192.0.0.10",
            "192.0.1.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.167.255.255",
            "192.169.0.0",
            "192.175.48.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:1::1",
            "2001:3::1",
            "2001:4:112::1",
            "2001:20::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2620:4f:8000::1",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808");

    private static AddressCheck strict(InetAddress... answer) {
        return new AddressCheck(host -> answer, List.of());
    }

    @Test
    void onlyGloballyReachableAddressesPass() throws Exception {
        for (String text : NOT_GLOBAL) {
            assertThrows(
                    AddressRefusedException.class, () -> strict(address(text)).check("name"), text);
        }
        for (String text : GLOBAL) {
            assertEquals(List.of(address(text)), strict(address(text)).check("name"), text);
        }
    }

    @Test
    void oneBadAddressAmongGoodOnesRefusesTheName() {
        assertThrows(
                AddressRefusedException.class,
                () -> strict(address("8.8.8.8"), address("127.0.0.1")).check("name"));
        assertThrows(AddressRefusedException.class, () -> strict().check("name"));
    }

    @Test
    void aNameIsResolvedOnce() throws Exception {
        int[] asked = new int[1];
        AddressCheck check = new AddressCheck(
                host -> {
                    asked[0]++;
                    return new InetAddress[] {address("8.8.8.8")};
                },
                List.of());
        check.check("name");
        assertEquals(1, asked[0]);
    }

    @Test
    void whatTheOperatorNamesPassesAndNothingBesideIt() throws Exception {
        AddressCheck check =
                new AddressCheck(host -> new InetAddress[] {address(host)}, List.of(Cidr.parse("10.1.0.0/16")));
        assertEquals(1, check.check("10.1.2.3").size());
        assertEquals(1, check.check("::ffff:10.1.2.3").size());
        assertThrows(AddressRefusedException.class, () -> check.check("10.2.0.1"));
        assertTrue(check.isNamed(address("10.1.9.9")));
        assertFalse(check.isNamed(address("8.8.8.8")));
    }

    @Test
    void loopbackIsNamedByWritingItAndNotByResolvingToIt() throws Exception {
        assertEquals(
                1,
                AddressCheck.forHost("127.0.0.1", List.of()).check("127.0.0.1").size());
        assertEquals(1, AddressCheck.forHost("::1", List.of()).check("::1").size());
        assertThrows(
                AddressRefusedException.class,
                () -> AddressCheck.forHost("tool.example", List.of()).check("127.0.0.1"));
        assertThrows(
                AddressRefusedException.class,
                () -> AddressCheck.forHost("10.0.0.1", List.of()).check("10.0.0.1"));
    }

    @Test
    void everyAddressInsideABlockIsContainedAndItsNeighboursAreNot() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            int bits = 1 + random.nextInt(bytes.length * 8);
            Cidr block = new Cidr(of(bytes), bits);
            byte[] inside = bytes.clone();
            if (bits < bytes.length * 8) {
                inside[bytes.length - 1] ^= (byte) 1;
            }
            byte[] outside = bytes.clone();
            outside[(bits - 1) / 8] ^= (byte) (1 << (7 - (bits - 1) % 8));
            String place = "seed " + seed + ", round " + round + ", " + block;
            assertTrue(block.contains(of(inside)), place);
            assertFalse(block.contains(of(outside)), place);
        }
    }

    @Test
    void aBlockIsWrittenOneWay() {
        assertEquals("10.0.0.0/8", Cidr.parse("10.0.0.0/8").toString());
        assertEquals(32, Cidr.parse("10.0.0.1").bits());
        for (String wrong : List.of(
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "localhost/8",
                "a.b",
                "",
                "10.0.0/8",
                "::1/129")) {
            assertThrows(IllegalArgumentException.class, () -> Cidr.parse(wrong), wrong);
        }
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
