package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrontierTest {
    /** The eight leaves and roots of Certificate Transparency's reference tests (merkle_tree_test). */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @TempDir
    private Path folder;

    @Test
    void givesTheRootsOfTheReference() {
        Frontier frontier = new Frontier();
        Sha256 sha = new Sha256();
        for (int i = 0; i < LEAVES.size(); i++) {
            byte[] leaf = HexFormat.of().parseHex(LEAVES.get(i));
            frontier.add(sha.leaf(leaf, 0, leaf.length), (level, index, hash) -> {});
            assertEquals(ROOTS.get(i), HexFormat.of().formatHex(frontier.root()), "size " + (i + 1));
        }
    }

    @Test
    void aRestoredEdgeGoesOnAsTheOldOne() throws Exception {
        Files.createDirectories(folder.resolve("d"));
        Random random = new Random(7);
        try (FolderDisk disk = FolderDisk.locked(folder.resolve("d"));
                HashLevels levels = new HashLevels(disk)) {
            Frontier frontier = new Frontier();
            List<Integer> stops =
                    new ArrayList<>(List.of(1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000));
            int size = 0;
            for (int stop : stops) {
                for (; size < stop; size++) {
                    byte[] hash = new byte[Sha256.BYTES];
                    random.nextBytes(hash);
                    frontier.add(hash, levels::put);
                }
                levels.store();
                Frontier restored = levels.frontier(stop);
                assertEquals(stop, restored.size());
                assertArrayEquals(frontier.root(), restored.root(), "size " + stop);
                frontier = restored;
            }
        }
    }
}
