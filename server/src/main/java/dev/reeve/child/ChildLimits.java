package dev.reeve.child;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a confined child may use up. The kernel keeps these (setrlimit(2), tmpfs), and a child cannot raise them.
 *
 * @param memory bytes of data that one process may have (RLIMIT_DATA, because RLIMIT_AS counts what V8 and the JVM only reserve); with a
 *     cgroup also of all its processes together
 * @param processes processes and threads at once
 * @param openFiles descriptors of one process
 * @param fileSize bytes of one file that it writes
 * @param cpuTime seconds of CPU of one process; empty for a server that lives long
 * @param nice how much it gives way to others, 0 to 19
 * @param tmp bytes of its private {@code /tmp}, and again of {@code /dev/shm}
 */
public record ChildLimits(
        long memory, int processes, int openFiles, long fileSize, Optional<Duration> cpuTime, int nice, long tmp) {
    /** Node, Python and JVM servers live well with these. */
    public static final ChildLimits USUAL =
            new ChildLimits(2L << 30, 256, 1024, 1L << 30, Optional.empty(), 5, 256L << 20);

    public ChildLimits {
        if (memory < 1 || processes < 1 || openFiles < 4 || fileSize < 0 || tmp < 1 || nice < 0 || nice > 19) {
            throw new IllegalArgumentException("limits of a child are positive, and nice is 0 to 19");
        }
    }

    public ChildLimits withMemory(long bytes) {
        return new ChildLimits(bytes, processes, openFiles, fileSize, cpuTime, nice, tmp);
    }

    public ChildLimits withProcesses(int most) {
        return new ChildLimits(memory, most, openFiles, fileSize, cpuTime, nice, tmp);
    }

    public ChildLimits withOpenFiles(int most) {
        return new ChildLimits(memory, processes, most, fileSize, cpuTime, nice, tmp);
    }

    public ChildLimits withFileSize(long bytes) {
        return new ChildLimits(memory, processes, openFiles, bytes, cpuTime, nice, tmp);
    }

    public ChildLimits withCpuTime(Duration time) {
        return new ChildLimits(memory, processes, openFiles, fileSize, Optional.of(time), nice, tmp);
    }

    public ChildLimits withTmp(long bytes) {
        return new ChildLimits(memory, processes, openFiles, fileSize, cpuTime, nice, bytes);
    }

    /** In front of the program, inside the confinement: the count of processes begins anew in its user namespace. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of("/usr/bin/nice", "-n", Integer.toString(nice)));
        command.add("/usr/bin/prlimit");
        command.add("--data=" + memory);
        command.add("--nproc=" + processes);
        command.add("--nofile=" + openFiles);
        command.add("--fsize=" + fileSize);
        command.add("--core=0");
        command.add("--memlock=65536");
        cpuTime.ifPresent(time -> command.add("--cpu=" + Math.max(1, time.toSeconds())));
        command.add("--");
        return command;
    }
}
