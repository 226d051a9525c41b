package dev.reeve.ledger;

/**
 * A place in the log, between two groups.
 *
 * @param segment number of the file; 0 before the first
 * @param index of the entry that stands or will stand here
 * @param counter that the next stamped entry gets
 * @param millis the latest time written before this place, epoch milliseconds
 */
record Mark(long segment, long position, long index, long counter, long millis) {
    static final Mark START = new Mark(0, 0, 0, 0, 0);

    Mark behind(FrameHeader header, long newPosition) {
        return new Mark(
                segment,
                newPosition,
                header.endIndex(),
                header.firstCounter() + header.stamped(),
                Math.max(millis, header.writtenAt()));
    }

    Mark in(long newSegment) {
        return new Mark(newSegment, SegmentHeader.BYTES, index, counter, millis);
    }
}
