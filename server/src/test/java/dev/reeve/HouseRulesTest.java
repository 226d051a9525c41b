package dev.reeve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.reeve.gate.Permit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The rules of the house, so that nobody has to say them in a review. Each has its reason in STYLE.md. */
final class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> CORE = List.of(
            "json",
            "definitions.checks",
            "guard",
            "secrets",
            "action",
            "identity",
            "gate",
            "policy",
            "analysis",
            "sql",
            "mongo",
            "openapi",
            "record",
            "ledger",
            "budget",
            "approval",
            "grant",
            "token",
            "shell");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.reeve");

    @Test
    void coreNeedsTheJdkOnly() {
        classes()
                .that()
                .resideInAnyPackage(packages(CORE))
                .and()
                .resideOutsideOfPackage("dev.reeve.sql.jsqlparser..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of(packages(CORE)),
                                Stream.of("java..", "javax.crypto..", "org.jspecify.annotations"))
                        .toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void actionKnowsNobodyAndTheGateKnowsNoFeature() {
        noClasses()
                .that()
                .resideInAPackage("dev.reeve.action..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.reeve.gate..", "dev.reeve.policy..", "dev.reeve.ledger..", "dev.reeve.record..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("dev.reeve.gate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.reeve.policy..", "dev.reeve.ledger..", "dev.reeve.record..")
                .check(HOUSE);
    }

    @Test
    void onlyTheGateMakesPermits() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.reeve.gate")
                .should()
                .callConstructorWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                        com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                com.tngtech.archunit.base.DescribedPredicate.describe(
                                        "Permit",
                                        (com.tngtech.archunit.core.domain.JavaClass owner) ->
                                                owner.isEquivalentTo(Permit.class)))))
                .check(HOUSE);
    }

    @Test
    void adaptersAndUpstreamsDoNotKnowCommandsOrTheDemo() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.reeve.adapter..",
                        "dev.reeve.http..",
                        "dev.reeve.upstream..",
                        "dev.reeve.definitions..",
                        "dev.reeve.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.reeve.cli..", "dev.reeve.demo..", "dev.reeve.connect..", "dev.reeve.control..")
                .check(HOUSE);
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Path file : sources("src/main/java")) {
            Path about = file.resolveSibling("package-info.java");
            if (!Files.exists(about) || !Files.readString(about).contains("@NullMarked")) {
                missing.add(ROOT.relativize(file.getParent()).toString());
            }
        }
        assertEquals(Set.of(), missing, "packages without a package-info that is @NullMarked");
    }

    @Test
    void filesStaySmall() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources("src/main/java")) {
            int lines = Files.readAllLines(file).size();
            sizes.add(lines);
            if (lines > 600) {
                tooLong.add(ROOT.relativize(file) + ": " + lines + " lines");
            }
        }
        Collections.sort(sizes);
        assertEquals(List.of(), tooLong, "over 600 lines: find the second idea in it");
        assertTrue(sizes.get(sizes.size() * 9 / 10) <= 250, "nine of ten files have at most 250 lines");
    }

    @Test
    void methodsStaySmall() throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        eachMethod(sources("src/main/java"), (name, lines) -> {
            sizes.add(lines);
            if (lines > 70) {
                tooLong.add(name + ": " + lines + " lines");
            }
        });
        Collections.sort(sizes);
        assertEquals(List.of(), tooLong, "over 70 lines is the wall");
        assertTrue(sizes.get(sizes.size() * 9 / 10) <= 18, "nine of ten methods have at most 18 lines");
    }

    @Test
    void testsDoNotSleep() throws IOException {
        List<String> sleeping = new ArrayList<>();
        for (Path file : sources("src/test/java")) {
            if (!file.endsWith("HouseRulesTest.java") && Files.readString(file).contains("Thread.sleep(")) {
                sleeping.add(ROOT.relativize(file).toString());
            }
        }
        assertEquals(List.of(), sleeping, "time is passed in; wait for what happens, not for a while");
    }

    private interface MethodConsumer {
        void accept(String name, int lines);
    }

    private static void eachMethod(List<Path> files, MethodConsumer consumer) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new MethodLengths(unit, positions, consumer), null);
            }
        }
    }

    private static final class MethodLengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final MethodConsumer consumer;

        MethodLengths(CompilationUnitTree unit, SourcePositions positions, MethodConsumer consumer) {
            this.unit = unit;
            this.positions = positions;
            this.consumer = consumer;
        }

        @Override
        public Void visitMethod(MethodTree method, Void ignored) {
            if (method.getBody() != null) {
                long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method.getBody()));
                consumer.accept(unit.getSourceFile().getName() + " " + method.getName(), (int) (last - first + 1));
            }
            return super.visitMethod(method, null);
        }
    }

    private static List<Path> sources(String kind) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : List.of("core", "server", "acceptance", "bench")) {
            Path folder = ROOT.resolve(module).resolve(kind);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> tree = Files.walk(folder)) {
                    tree.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        return files;
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "dev.reeve." + name + "..").toArray(String[]::new);
    }
}
