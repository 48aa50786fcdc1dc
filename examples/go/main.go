// SPDX-License-Identifier: MIT

// Command classify prints which addresses of mailboxes failed, and why.
//
// usage: classify MAILBOX... | classify --reply TEXT
//
// In: mbox files, Maildirs, folders, single mails; or one SMTP reply. Out: a line for each recipient.
// Exit status 1 if something cannot be read.
//
//	go build -o classify .
package main

import (
	"fmt"
	"io"
	"os"

	"bounce.example/classify/bounce"
)

func show(report *bounce.Report) {
	for _, r := range report.Recipients {
		address, status := r.Address, r.Status
		if address == "" {
			address = "(not stated)"
		}
		if status == "" {
			status = "-"
		}
		fmt.Printf("%s: %s, %s, %s\n", address, r.Type, r.Reason, status)
	}
}

func showMailbox(parser *bounce.Parser, path string) error {
	mailbox, err := bounce.Open(path)
	if err != nil {
		return err
	}
	defer mailbox.Close()
	for {
		mail, err := mailbox.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		report, err := parser.Parse(mail)
		if err != nil {
			return err
		}
		show(report)
	}
}

func run(words []string) error {
	parser, err := bounce.NewParser()
	if err != nil {
		return err
	}
	defer parser.Close()
	if len(words) == 2 && words[0] == "--reply" {
		report, err := parser.ParseReply(words[1], "", "")
		if err == nil {
			show(report)
		}
		return err
	}
	for _, path := range words {
		if err := showMailbox(parser, path); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: classify MAILBOX... | classify --reply TEXT")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "classify:", err)
		os.Exit(1)
	}
}
