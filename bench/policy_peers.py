"""One decision by Reeve, Open Policy Agent and Cedar, on the same policy and questions, in turn on the same machine.

    python3 bench/policy_peers.py --classpath CLASSPATH [rules ...]

Needs Go, a JDK 25 at JAVA_HOME, and the classpath of the module bench: its classes, and what `dependency:build-classpath` says. Reeve: DecisionBench by JMH (allowed and denied by a condition on the amount,
in CEL); the others: bench/policy_peers. Prints nanoseconds a decision and how many times Reeve's each is.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTCOMES = ("allowed", "denied")


def reeve(rules, classpath, java):
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "jmh.json")
        subprocess.run(
            [java, "-cp", classpath, "org.openjdk.jmh.Main", "DecisionBench.decide$", "-p", "rules=" + ",".join(rules),
             "-p", "condition=cel", "-wi", "3", "-i", "3", "-w", "1", "-r", "1", "-jvmArgs", "-XX:+UseSerialGC", "-prof", "gc",
             "-rf", "json", "-rff", str(answers)],
            check=True, stdout=subprocess.DEVNULL)
        return {
            (one["params"]["rules"], one["params"]["outcome"]): min(map(min, one["primaryMetric"]["rawData"]))
            for one in json.loads(answers.read_text())
        }


def peers(rules):
    text = subprocess.run(["go", "run", ".", *rules], cwd=HERE / "policy_peers", check=True, capture_output=True, text=True).stdout
    return {(name, count, outcome): float(nanos) for name, count, outcome, nanos in map(str.split, text.splitlines())}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--classpath", required=True)
    arguments.add_argument("rules", nargs="*", default=["10", "100", "1000", "10000"])
    given = arguments.parse_args()
    rules = given.rules
    own = reeve(rules, given.classpath, str(Path(os.environ["JAVA_HOME"], "bin", "java")))
    others = peers(rules)
    print("| rules | verdict | Reeve ns | OPA ns | Cedar ns | OPA | Cedar |\n|---|---|---|---|---|---|---|")
    for count in rules:
        for outcome in OUTCOMES:
            mine = own[count, outcome]
            opa, cedar = others["opa", count, outcome], others["cedar", count, outcome]
            print(f"| {count} | {outcome} | {mine:,.0f} | {opa:,.0f} | {cedar:,.0f} | {opa / mine:,.0f} x | {cedar / mine:,.0f} x |")


if __name__ == "__main__":
    main()
