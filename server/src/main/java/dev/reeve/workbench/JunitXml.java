package dev.reeve.workbench;

import dev.reeve.audit.EventText;
import dev.reeve.workbench.CaseReport.Ran;
import java.util.Locale;

/** A report in the form of the JUnit XML reporter of Ant, as CI systems read it: one suite, a test case for each case. */
public final class JunitXml {
    private JunitXml() {}

    public static String of(CaseReport report) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        long nanos = report.ran().stream().mapToLong(Ran::nanos).sum();
        xml.append(
                "<testsuite name=\"reeve policy test\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"%s\">%n"
                        .formatted(report.ran().size(), report.failures(), seconds(nanos)));
        report.ran().forEach(one -> testCase(one, xml));
        return xml.append("</testsuite>\n").toString();
    }

    private static void testCase(Ran one, StringBuilder xml) {
        xml.append("  <testcase classname=\"%s\" name=\"%s\" file=\"%s\" line=\"%d\" time=\"%s\""
                .formatted(
                        escape(one.of().place().file()),
                        escape(one.of().name()),
                        escape(one.of().place().file()),
                        one.of().place().line(),
                        seconds(one.nanos())));
        if (one.holds()) {
            xml.append("/>\n");
            return;
        }
        String wrong = escape(String.join("; ", one.wrong()));
        xml.append(">\n    <failure message=\"%s\">%s</failure>%n  </testcase>%n".formatted(wrong, wrong));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
    }

    /** XML cannot hold control characters at all, so they are shown before. */
    private static String escape(String text) {
        return EventText.escape(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
