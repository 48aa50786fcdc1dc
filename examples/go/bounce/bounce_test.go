// SPDX-License-Identifier: MIT

package bounce

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

const parrot = "rule mine/parrot\nreason policy\nphrase the parrot is asleep\nwhy Ours.\n" +
	"example 550 the parrot is asleep\nnear 550 the parrot is awake\n"

func parser(t *testing.T, rules ...string) *Parser {
	p, err := NewParser(rules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestReply(t *testing.T) {
	report, err := parser(t).ParseReply("452 4.2.2 over quota", "mx.example.net", "joe@example.net")
	if err != nil || len(report.Recipients) != 1 {
		t.Fatal(report, err)
	}
	r := report.Recipients[0]
	if r.Address != "joe@example.net" || r.Reason != "mailbox-full" || r.ReplyCode != 452 || r.Queue != "retry" {
		t.Error(r)
	}
}

func TestMissingFacts(t *testing.T) {
	report, err := parser(t).ParseReply("", "", "")
	if err != nil || len(report.Recipients) != 1 || report.Recipients[0].Address != "" {
		t.Error(report, err)
	}
	report, err = parser(t).Parse(nil)
	if err != nil || report.Kind != "none" || len(report.Recipients) != 0 {
		t.Error(report, err)
	}
}

func TestRules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.rules")
	if _, err := NewParser(path); err == nil {
		t.Error("a missing file of rules gives no error")
	}
	if err := os.WriteFile(path, []byte(parrot), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := parser(t, path).ParseReply("550 the parrot is asleep", "", "")
	if err != nil || report.Recipients[0].Reason != "policy" {
		t.Error(report, err)
	}
}

func TestMailbox(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing mailbox gives no error")
	}
	path := filepath.Join(t.TempDir(), "mbox")
	message := "From a@example.org Sat Jan 31 10:00:05 2026\nSubject: lunch\n\nAt noon?\n\n"
	if err := os.WriteFile(path, []byte(message+message), 0o600); err != nil {
		t.Fatal(err)
	}
	mailbox, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer mailbox.Close()
	for i := 0; i < 2; i++ {
		mail, err := mailbox.Next()
		if err != nil {
			t.Fatal(err)
		}
		if report, err := parser(t).Parse(mail); err != nil || report.Subject != "lunch" {
			t.Error(report, err)
		}
	}
	if _, err := mailbox.Next(); err != io.EOF {
		t.Error(err)
	}
}
