package dev.reeve.child;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one confined child may see and use, beside the system and its interpreter.
 *
 * @param folders that the operator named
 * @param hidden Reeve's own places (R21): never seen, not even where they lie in a folder that is shown
 */
public record Confinement(List<Folder> folders, List<Path> hidden, ChildLimits limits) {
    /** @param path absolute; the child sees it under the same name */
    public record Folder(Path path, boolean writable) {}

    public Confinement {
        folders = List.copyOf(folders);
        hidden = List.copyOf(hidden);
    }

    /**
     * Which of Reeve's places a folder would show, links resolved: itself, something in it, or something around it.
     *
     * @param within places of which no part may be shown
     * @param whole places that may not be shown as a whole
     * @return empty if it may be shown
     */
    public static Optional<Path> shows(Path folder, List<Path> within, List<Path> whole) throws IOException {
        Path real = folder.toRealPath();
        for (Path place : within) {
            Path there = resolved(place);
            if (there.startsWith(real) || real.startsWith(there)) {
                return Optional.of(place);
            }
        }
        return whole.stream().filter(place -> resolved(place).startsWith(real)).findFirst();
    }

    /** @param path with its links resolved */
    public boolean sees(Path path) {
        return SystemView.shows(path) || folders.stream().anyMatch(folder -> path.startsWith(folder.path()));
    }

    /** Also of a place that does not exist yet: as much of it as does is resolved. */
    static Path resolved(Path place) {
        Path there = place.toAbsolutePath().normalize();
        try {
            return there.toRealPath();
        } catch (IOException e) {
            Path parent = there.getParent();
            return parent == null || there.getFileName() == null
                    ? there
                    : resolved(parent).resolve(there.getFileName());
        }
    }
}
