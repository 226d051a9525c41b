package dev.reeve.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides where a socket may go (R25). A name is resolved once; every address that it has must be globally reachable or named by the
 * operator; the caller connects to an address from the answer and resolves nothing again, so that a name that changes its mind between
 * check and use (DNS rebinding) gains nothing.
 */
public final class AddressCheck {
    private static final int MOST_ADDRESSES = 64;
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));

    /** Resolves names; {@code InetAddress::getAllByName} outside of tests. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final List<Cidr> named;

    /** @param named blocks that the operator's file names for this one upstream or integration, and no other */
    public AddressCheck(Resolver resolver, List<Cidr> named) {
        this.resolver = resolver;
        this.named = List.copyOf(named);
    }

    /**
     * The check for one URL of an operator's file. A loopback address or {@code localhost} that the operator wrote there is named by that;
     * a name that merely resolves to loopback is not.
     */
    public static AddressCheck forHost(String host, List<Cidr> named) {
        List<Cidr> all = new ArrayList<>(named);
        if (writesLoopback(host)) {
            all.addAll(LOOPBACK);
        }
        return new AddressCheck(InetAddress::getAllByName, all);
    }

    /**
     * The addresses of {@code host}, in the resolver's order, all of them checked.
     *
     * @throws AddressRefusedException if there is none, or if only one of them may not be reached
     */
    public List<InetAddress> check(String host) throws AddressRefusedException {
        List<InetAddress> addresses = resolve(host);
        for (InetAddress address : addresses) {
            if (!mayConnect(address)) {
                throw new AddressRefusedException(
                        "`" + host + "` has the address " + address.getHostAddress()
                                + ", which is not globally reachable; to allow it, name it under `allow_addresses` of this one upstream");
            }
        }
        return addresses;
    }

    /** True if the operator named this address: only then may it be spoken to without TLS. */
    public boolean isNamed(InetAddress address) {
        InetAddress inner = GlobalAddresses.unwrap(address);
        return named.stream().anyMatch(block -> block.contains(address) || block.contains(inner));
    }

    private boolean mayConnect(InetAddress address) {
        return isNamed(address) || GlobalAddresses.contains(address);
    }

    private List<InetAddress> resolve(String host) throws AddressRefusedException {
        InetAddress[] found;
        try {
            found = resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new AddressRefusedException("`" + host + "` has no address; check the name and the resolver");
        }
        if (found.length == 0 || found.length > MOST_ADDRESSES) {
            throw new AddressRefusedException(
                    "`" + host + "` has " + found.length + " addresses; 1 to " + MOST_ADDRESSES + " are accepted");
        }
        return List.copyOf(Arrays.asList(found));
    }

    private static boolean writesLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            InetAddress literal = Cidr.literal(host);
            return LOOPBACK.stream().anyMatch(block -> block.contains(literal));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
