// What one decision costs Open Policy Agent and Cedar, each embedded as its own project embeds it, on the policy that DecisionBench gives to
// Reeve: nine of ten rules are permissions of roles, ten to a role; the tenth denies a group of tools to a group of agents and does not match.
//
// Run: go run . [rules ...]; prints `name rules outcome nanoseconds`, the lowest of five rounds.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/open-policy-agent/opa/v1/rego"
)

const (
	rounds   = 5
	prepared = 512
	round    = 300 * time.Millisecond
)

// One question. The amount decides.
type ask struct {
	agent, role, tool, resource string
	amount                      int
}

type shape struct{ rules int }

func (s shape) roles() int { return max(1, s.rules*9/100) }
func (s shape) tools() int { return min(1000, s.rules) }

func (s shape) asks(amount int) []ask {
	random := rand.New(rand.NewSource(58))
	asks := make([]ask, prepared)
	for i := range asks {
		agent := random.Intn(10_000)
		role := agent % s.roles()
		tool := (random.Intn(5)*2 + 10*role) % s.tools()
		asks[i] = ask{
			agent:    fmt.Sprintf("agent-%d", agent),
			role:     fmt.Sprintf("role%d", role),
			tool:     fmt.Sprintf("t%d", tool),
			resource: fmt.Sprintf("res%d", tool),
			amount:   amount,
		}
	}
	return asks
}

func (s shape) regoText() string {
	var text strings.Builder
	text.WriteString("package bench\n\nimport rego.v1\n\ndefault allow := false\n\nallow if {\n\tpermitted\n\tnot denied\n}\n\n")
	for rule := 0; rule < s.rules; rule++ {
		if rule%10 == 9 {
			fmt.Fprintf(&text, "denied if {\n\tstartswith(input.tool, \"t%d\")\n\tinput.role == \"group%d\"\n}\n\n", rule%s.tools(), rule)
			continue
		}
		role := rule / 10 % s.roles()
		fmt.Fprintf(&text, "permitted if {\n\tinput.role == \"role%d\"\n\tinput.resource == \"res%d\"\n\tinput.amount <= 500\n}\n\n",
			role, (rule%10+10*role)%s.tools())
	}
	return text.String()
}

func (s shape) opa(asks []ask) func(int) bool {
	query, err := rego.New(rego.Query("data.bench.allow"), rego.Module("bench.rego", s.regoText())).PrepareForEval(context.Background())
	check(err)
	inputs := make([]map[string]any, len(asks))
	for i, one := range asks {
		inputs[i] = map[string]any{"agent": one.agent, "role": one.role, "tool": one.tool, "resource": one.resource, "amount": one.amount}
	}
	return func(i int) bool {
		results, err := query.Eval(context.Background(), rego.EvalInput(inputs[i]))
		check(err)
		return results.Allowed()
	}
}

func (s shape) cedarText() string {
	var text strings.Builder
	for rule := 0; rule < s.rules; rule++ {
		if rule%10 == 9 {
			fmt.Fprintf(&text, "forbid (principal in Role::\"group%d\", action == Action::\"call\", resource) when { context.tool like \"t%d*\" };\n",
				rule, rule%s.tools())
			continue
		}
		role := rule / 10 % s.roles()
		fmt.Fprintf(&text, "permit (principal in Role::\"role%d\", action == Action::\"call\", resource == Resource::\"res%d\") when { context.amount <= 500 };\n",
			role, (rule%10+10*role)%s.tools())
	}
	return text.String()
}

func (s shape) cedar(asks []ask) func(int) bool {
	policies, err := cedar.NewPolicySetFromBytes("bench.cedar", []byte(s.cedarText()))
	check(err)
	entities := types.EntityMap{}
	requests := make([]cedar.Request, len(asks))
	for i, one := range asks {
		who := types.NewEntityUID("Agent", types.String(one.agent))
		entities[who] = types.Entity{UID: who, Parents: types.NewEntityUIDSet(types.NewEntityUID("Role", types.String(one.role)))}
		requests[i] = cedar.Request{
			Principal: who,
			Action:    types.NewEntityUID("Action", "call"),
			Resource:  types.NewEntityUID("Resource", types.String(one.resource)),
			Context:   types.NewRecord(types.RecordMap{"amount": types.Long(one.amount), "tool": types.String(one.tool)}),
		}
	}
	return func(i int) bool {
		decision, _ := cedar.Authorize(policies, entities, requests[i])
		return decision == cedar.Allow
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The lowest time of a decision; a wrong answer ends the run.
func measure(decide func(int) bool, expected bool) float64 {
	lowest := -1.0
	for r := 0; r < rounds; r++ {
		start := time.Now()
		count := 0
		for time.Since(start) < round {
			for i := 0; i < 16; i++ {
				if decide(count%prepared) != expected {
					check(fmt.Errorf("question %d: not %v", count%prepared, expected))
				}
				count++
			}
		}
		if each := float64(time.Since(start).Nanoseconds()) / float64(count); lowest < 0 || each < lowest {
			lowest = each
		}
	}
	return lowest
}

func main() {
	for _, argument := range os.Args[1:] {
		rules, err := strconv.Atoi(argument)
		check(err)
		s := shape{rules}
		for _, outcome := range []string{"allowed", "denied"} {
			amount := 400
			if outcome == "denied" {
				amount = 900
			}
			fmt.Printf("opa %d %s %.0f\n", rules, outcome, measure(s.opa(s.asks(amount)), outcome == "allowed"))
			fmt.Printf("cedar %d %s %.0f\n", rules, outcome, measure(s.cedar(s.asks(amount)), outcome == "allowed"))
		}
	}
}
