package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A group as it stands in a segment. A view into the scanner's buffer: valid until the scanner moves on, unless that keeps what it read.
 *
 * @param segment the file's name
 * @param position of the header in the file
 * @param bytes holds header and sections from {@code at}
 */
@SuppressWarnings("ArrayRecordComponent") // A view, never compared.
record Frame(FrameHeader header, String segment, long position, byte[] bytes, int at) {

    /** Gets each entry in place. */
    interface LeafConsumer {
        /** False ends the walk. */
        boolean accept(long index, byte[] bytes, int offset, int length);
    }

    int entriesAt() {
        return at + FrameHeader.BYTES;
    }

    int disclosuresAt() {
        return entriesAt() + header.entriesBytes();
    }

    long end() {
        return position + header.frameBytes();
    }

    /** Walks the entries; the answer is the position behind the last whole one, relative to the section. */
    int eachLeaf(LeafConsumer consumer) {
        int offset = entriesAt();
        int end = disclosuresAt();
        for (int i = 0; i < header.count(); i++) {
            if (offset + 2 > end) {
                break;
            }
            int length = (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
            if (offset + 2 + length > end || !consumer.accept(header.firstIndex() + i, bytes, offset + 2, length)) {
                break;
            }
            offset += 2 + length;
        }
        return offset - entriesAt();
    }

    /** What is wrong with the bytes of both sections, if anything. */
    Optional<String> problem() {
        ByteBuffer view = ByteBuffer.wrap(bytes);
        if (FrameHeader.crc(view, entriesAt(), header.entriesBytes()) != header.entriesCrc()) {
            return Optional.of("the checksum of the group's entries is wrong");
        }
        int[] seen = {0};
        int walked = eachLeaf((index, in, offset, length) -> {
            seen[0]++;
            return true;
        });
        if (seen[0] != header.count() || walked != header.entriesBytes()) {
            return Optional.of("the lengths of the group's entries do not add up");
        }
        return disclosuresProblem(view);
    }

    /** Those that were not erased, entry by entry. Call only on a frame without a problem. */
    List<List<Disclosure>> disclosures() {
        DisclosureWalk walk = new DisclosureWalk(this);
        List<List<Disclosure>> all = new ArrayList<>(header.count());
        for (int i = 0; i < header.count(); i++) {
            walk.nextEntry();
            List<Disclosure> live = new ArrayList<>();
            while (walk.next()) {
                if (!walk.isErased()) {
                    live.add(walk.disclosure());
                }
            }
            all.add(live);
        }
        return all;
    }

    private Optional<String> disclosuresProblem(ByteBuffer view) {
        int offset = disclosuresAt();
        int end = offset + header.disclosuresBytes();
        int last = 0;
        for (int i = 0; i < header.disclosures(); i++) {
            int length = disclosureBytes(view, offset, end);
            int entry = length < 0 ? -1 : view.getShort(offset + 2) & 0xffff;
            if (entry < last || entry >= header.count()) {
                return Optional.of("a disclosure of the group is out of shape");
            }
            last = entry;
            Optional<String> problem = disclosureProblem(view, offset, length, entry);
            if (problem.isPresent()) {
                return problem;
            }
            offset += length;
        }
        return offset == end ? Optional.empty() : Optional.of("the lengths of the group's disclosures do not add up");
    }

    private static int disclosureBytes(ByteBuffer view, int offset, int end) {
        if (offset + FrameEncoder.DISCLOSURE_PREFIX > end) {
            return -1;
        }
        int name = view.getShort(offset + 4) & 0xffff;
        int value = view.getInt(offset + 8);
        long length = (long) FrameEncoder.DISCLOSURE_PREFIX + Disclosure.SALT_BYTES + name + value;
        return name == 0 || name > Disclosure.MOST_NAME_BYTES || value < 0 || offset + length > end ? -1 : (int) length;
    }

    private Optional<String> disclosureProblem(ByteBuffer view, int offset, int length, int entry) {
        if (bytes[offset] == FrameEncoder.ERASED) {
            for (int i = offset + 12; i < offset + length; i++) {
                if (bytes[i] != 0) {
                    return Optional.of(
                            "an erased disclosure of entry " + (header.firstIndex() + entry) + " has a rest");
                }
            }
            return Optional.empty();
        }
        if (bytes[offset] != FrameEncoder.LIVE
                || view.getInt(offset + 12) != FrameEncoder.disclosureCrc(view, offset, length)) {
            return Optional.of("the checksum of a disclosure of entry " + (header.firstIndex() + entry) + " is wrong");
        }
        return isName(offset + FrameEncoder.DISCLOSURE_PREFIX + Disclosure.SALT_BYTES, view.getShort(offset + 4))
                ? Optional.empty()
                : Optional.of("a disclosure of entry " + (header.firstIndex() + entry) + " has no name in UTF-8");
    }

    /** A name that is none would be another one once it is decoded, and perhaps too long. */
    private boolean isName(int from, int length) {
        for (int at = from; at < from + length; at++) {
            if (bytes[at] < 0) {
                byte[] name = Arrays.copyOfRange(bytes, from, from + length);
                return Arrays.equals(name, new String(name, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            }
        }
        return true;
    }
}
