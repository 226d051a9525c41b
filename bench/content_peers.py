"""Asks Presidio and gitleaks about the texts that WriteCorpus wrote, and counts beside Reeve: what of the labelled values each saw, and in
how many ordinary texts each saw something. A value counts as seen if a find of the right sort overlaps it; kinds that a peer does not
claim to know are left out for it. Speed is CPU time: of gitleaks with its reading of one file for each text, of Reeve once it is warm.

    python3 bench/content_peers.py CORPUS.jsonl [--presidio] [--gitleaks PATH]
"""

import argparse
import collections
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

PRESIDIO = {
    "card": "CREDIT_CARD", "iban": "IBAN_CODE", "us-ssn": "US_SSN", "uk-nino": "UK_NINO", "uk-nhs": "UK_NHS", "es-dni": "ES_NIF",
    "es-nie": "ES_NIE", "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "ip-address": "IP_ADDRESS", "date-of-birth": "DATE_TIME",
}


def read(path):
    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    return rows[:-1], rows[-1]["reeve_micros"]


def overlaps(row, start, end):
    at = row["text"].index(row["value"])
    return start < at + len(row["value"]) and end > at


def report(name, rows, finds, known, seconds):
    """finds: of each row, (kind or None, start, end)."""
    seen, there, wrong, ordinary, touched = collections.Counter(), collections.Counter(), 0, 0, 0
    for row, found in zip(rows, finds):
        if not row["kind"]:
            ordinary += 1
            touched += bool(found)
            continue
        if row["kind"] not in known:
            continue
        there[row["kind"]] += 1
        right = [f for f in found if f[0] in (None, row["kind"]) and overlaps(row, f[1], f[2])]
        seen[row["kind"]] += bool(right)
        wrong += sum(1 for f in found if not overlaps(row, f[1], f[2]))
    total = sum(len(row["text"]) for row in rows)
    print(f"{name}: seen {sum(seen.values())} of {sum(there.values())} ({len(there)} kinds), elsewhere in these texts {wrong}, "
          f"ordinary texts with a find {touched} of {ordinary}, {total / 1e6 / seconds:.2f} MB/s")
    for kind in sorted(there):
        if seen[kind] < there[kind]:
            print(f"    {kind}: {seen[kind]} of {there[kind]}")


def presidio(rows):
    import spacy
    import tldextract.tldextract as suffixes
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import EsNieRecognizer, EsNifRecognizer, NhsRecognizer, UkNinoRecognizer

    # The list of suffixes that comes with the package: none is fetched.
    suffixes.TLD_EXTRACTOR = suffixes.TLDExtract(suffix_list_urls=(), cache_dir=None)

    class Blank(SpacyNlpEngine):
        """Patterns, checksums and context words only: models are on no package registry."""

        def __init__(self):
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

        def load(self):
            pass

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    for recognizer in (EsNieRecognizer, EsNifRecognizer, NhsRecognizer, UkNinoRecognizer):
        registry.add_recognizer(recognizer(supported_language="en"))
    engine = AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])
    back = {entity: kind for kind, entity in PRESIDIO.items()}
    wanted = sorted(back)
    for threshold in (0.0, 0.5):
        finds, before = [], time.process_time()
        for row in rows:
            results = engine.analyze(text=row["text"], language="en", entities=wanted, score_threshold=threshold)
            finds.append([(back[r.entity_type], r.start, r.end) for r in results])
        report(f"presidio, score >= {threshold}", rows, finds, set(PRESIDIO), time.process_time() - before)


def gitleaks(rows, binary, secrets):
    with tempfile.TemporaryDirectory() as folder:
        for i, row in enumerate(rows):
            Path(folder, f"{i}.txt").write_text(row["text"])
        out = Path(folder, "..", Path(folder).name + ".json")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([binary, "dir", folder, "--report-path", out, "--report-format", "json", "--no-banner", "--exit-code", "0",
                        "--log-level", "error"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        finds = [[] for _ in rows]
        rules = collections.Counter()
        for leak in json.loads(out.read_text()):
            i = int(Path(leak["File"]).stem)
            at = rows[i]["text"].find(leak["Secret"])
            finds[i].append((None, max(at, 0), max(at, 0) + len(leak["Secret"])))
            if not rows[i]["kind"]:
                rules[leak["RuleID"]] += 1
        out.unlink()
        report("gitleaks", rows, finds, secrets, seconds)
        print(f"    rules that found something in ordinary texts: {dict(rules)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--presidio", action="store_true")
    parser.add_argument("--gitleaks")
    options = parser.parse_args()
    rows, micros = read(options.corpus)
    known = {row["kind"] for row in rows if row["kind"]}
    personal = {f["kind"] for row in rows for f in row["reeve"] if f["class"] == "personal"}
    secrets = known - personal
    ours = [[(f["kind"], f["start"], f["end"]) for f in row["reeve"]] for row in rows]
    report("reeve, all kinds", rows, ours, known, micros / 1e6)
    report("reeve, kinds of presidio", rows, ours, set(PRESIDIO), micros / 1e6)
    report("reeve, secrets", rows, ours, secrets, micros / 1e6)
    if options.presidio:
        presidio(rows)
    if options.gitleaks:
        gitleaks(rows, options.gitleaks, secrets)


if __name__ == "__main__":
    main()
