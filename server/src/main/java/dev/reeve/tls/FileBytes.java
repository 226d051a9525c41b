package dev.reeve.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Reads what stands in a file of certificates or keys: never without a limit, and never what everybody may change. */
final class FileBytes {
    /** A bundle of all public authorities has a quarter of this. */
    static final int MOST = 1 << 20;

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** What a Kubernetes volume with {@code fsGroup} has: root's file, readable by the group that was made for it. */
    private static final Set<PosixFilePermission> ROOTS_GROUP =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);

    private FileBytes() {}

    static byte[] of(Path path) throws BadTlsException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new BadTlsException("`" + path + "` is not a file", "");
            }
            refuseOpen(path);
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(MOST + 1);
                if (bytes.length > MOST) {
                    throw new BadTlsException("`" + path + "` has more than " + MOST + " bytes", "");
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new BadTlsException("there is no file `" + path + "`", "");
        } catch (AccessDeniedException e) {
            throw new BadTlsException("`" + path + "` may not be read by the user that Reeve runs as", "");
        } catch (IOException e) {
            throw new BadTlsException("`" + path + "` cannot be read", "");
        }
    }

    private static void refuseOpen(Path path) throws IOException, BadTlsException {
        PosixFileAttributes about = attributes(path);
        if (about.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new BadTlsException("everybody on this machine may change `" + path + "`", "chmod o-w " + path);
        }
    }

    /** A private key is for its owner alone. */
    static void refuseSharedKey(Path path) throws BadTlsException {
        try {
            PosixFileAttributes about = attributes(path);
            boolean foreign = !about.owner().getName().equals(System.getProperty("user.name", "?"));
            if (!isPrivate(
                    about.permissions(), foreign && about.owner().getName().equals("root"))) {
                throw new BadTlsException(
                        "others than its owner may read the private key `" + path + "`", "chmod 600 " + path);
            }
        } catch (IOException e) {
            throw new BadTlsException("`" + path + "` cannot be looked at", "");
        }
    }

    /** @param roots the file is root's, and we are not */
    static boolean isPrivate(Set<PosixFilePermission> permissions, boolean roots) {
        return (roots ? ROOTS_GROUP : OWNER).containsAll(permissions);
    }

    /** Of what a link points to: that is what is read. */
    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class);
    }
}
