// SPDX-License-Identifier: MIT

// Package bounce reads bounced mail with libbounce, through cgo: copy it into your module.
//
// In: mails, SMTP replies, mailboxes. Out: copies as Go values, so only Parser and Mailbox have to
// be freed, with Close. Values that a report does not state are "" or 0.
package bounce

/*
#cgo pkg-config: libbounce
#include <bounce.h>
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"io"
	"unsafe"
)

// Recipient is what a report says about one address.
type Recipient struct {
	Address    string // "" where not stated
	Action     string // "failed", "delayed", "delivered" …
	Type       string // "hard", "soft", "none"
	Reason     string // "no-such-user"; doc/reasons.md has all
	Status     string // "5.1.1"
	Diagnostic string // what the server said
	ReplyCode  int    // 0 where not stated
	Advice     string
	Queue      string // "drop", "retry" …
}

// Report is what one mail or reply says.
type Report struct {
	Kind       string // "none" is ordinary mail
	Software   string
	Subject    string
	Recipients []Recipient
	Warnings   []string
}

// Parser may be used by one goroutine at a time.
type Parser struct {
	c *C.bounce_parser
}

// NewParser takes files or folders with your own rules, or none.
func NewParser(rules ...string) (*Parser, error) {
	set := C.bounce_rules_default()
	if len(rules) > 0 {
		C.bounce_rules_unref(set)
		var err error
		if set, err = load(rules); err != nil {
			return nil, err
		}
	}
	defer C.bounce_rules_unref(set) // the parser has its own reference
	return &Parser{C.bounce_parser_new(set, nil)}, nil
}

// Close frees the parser. Its reports remain valid.
func (p *Parser) Close() {
	C.bounce_parser_free(p.c)
	p.c = nil
}

// Parse reads one mail.
func (p *Parser) Parse(mail []byte) (*Report, error) {
	var report *C.bounce_report
	var e C.bounce_error
	if C.bounce_parse(p.c, pointer(mail), C.size_t(len(mail)), &report, &e) != C.BOUNCE_OK {
		return nil, failure(&e)
	}
	return take(report), nil
}

// ParseReply judges one SMTP reply. host and recipient may be "".
func (p *Parser) ParseReply(reply, host, recipient string) (*Report, error) {
	context := C.bounce_context_new()
	defer C.bounce_context_free(context)
	cHost, cRecipient, cReply := C.CString(host), C.CString(recipient), C.CString(reply)
	defer C.free(unsafe.Pointer(cHost))
	defer C.free(unsafe.Pointer(cRecipient))
	defer C.free(unsafe.Pointer(cReply))
	C.bounce_context_set_host(context, cHost)
	C.bounce_context_set_recipient(context, cRecipient)
	var report *C.bounce_report
	var e C.bounce_error
	if C.bounce_parse_reply(p.c, cReply, C.size_t(len(reply)), context, &report, &e) != C.BOUNCE_OK {
		return nil, failure(&e)
	}
	return take(report), nil
}

// Mailbox reads the messages of an mbox, a Maildir or a folder.
type Mailbox struct {
	c *C.bounce_mailbox
}

// Open opens a file, a Maildir or a folder.
func Open(path string) (*Mailbox, error) {
	cPath := C.CString(path)
	defer C.free(unsafe.Pointer(cPath))
	var mailbox *C.bounce_mailbox
	var e C.bounce_error
	if C.bounce_mailbox_open(cPath, C.BOUNCE_FORMAT_AUTO, 0, &mailbox, &e) != C.BOUNCE_OK {
		return nil, failure(&e)
	}
	return &Mailbox{mailbox}, nil
}

// Next returns the next message, and io.EOF after the last one. Any other error is about one file of
// a folder, and the next call continues after that file.
func (m *Mailbox) Next() ([]byte, error) {
	var view C.bounce_view
	var e C.bounce_error
	switch C.bounce_mailbox_next(m.c, &view, &e) {
	case C.BOUNCE_OK:
		return C.GoBytes(unsafe.Pointer(view.bytes), C.int(view.length)), nil
	case C.BOUNCE_END:
		return nil, io.EOF
	}
	return nil, failure(&e)
}

// Close frees the mailbox.
func (m *Mailbox) Close() {
	C.bounce_mailbox_close(m.c)
	m.c = nil
}

func pointer(bytes []byte) unsafe.Pointer {
	if len(bytes) == 0 {
		return nil
	}
	return unsafe.Pointer(&bytes[0])
}

func failure(e *C.bounce_error) error {
	return errors.New(C.GoString(&e.message[0]))
}

func load(paths []string) (*C.bounce_rules, error) {
	// Go memory that contains pointers must not be passed to C.
	list := (**C.char)(C.calloc(C.size_t(len(paths)), C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	defer C.free(unsafe.Pointer(list))
	slots := unsafe.Slice(list, len(paths))
	for i, path := range paths {
		slots[i] = C.CString(path)
		defer C.free(unsafe.Pointer(slots[i]))
	}
	var rules *C.bounce_rules
	var e C.bounce_error
	if C.bounce_rules_load(list, C.size_t(len(paths)), nil, nil, &rules, &e) != C.BOUNCE_OK {
		return nil, failure(&e)
	}
	return rules, nil
}

// take copies the fields of a report, and frees it.
func take(c *C.bounce_report) *Report {
	defer C.bounce_report_free(c)
	report := &Report{
		Kind:     C.GoString(C.bounce_kind_name(C.bounce_report_kind(c))),
		Software: C.GoString(C.bounce_report_string(c, C.BOUNCE_REPORT_SOFTWARE)), // NULL becomes ""
		Subject:  C.GoString(C.bounce_report_string(c, C.BOUNCE_REPORT_SUBJECT)),
	}
	for i := C.size_t(0); i < C.bounce_report_recipients(c); i++ {
		report.Recipients = append(report.Recipients, recipient(C.bounce_report_recipient(c, i)))
	}
	for i := C.size_t(0); i < C.bounce_report_warnings(c); i++ {
		report.Warnings = append(report.Warnings, C.GoString(C.bounce_report_warning_text(c, i)))
	}
	return report
}

func recipient(r *C.bounce_recipient) Recipient {
	text := func(field C.bounce_recipient_field) string { return C.GoString(C.bounce_recipient_string(r, field)) }
	var code C.uint64_t // stays 0 if it is not stated
	C.bounce_recipient_number(r, C.BOUNCE_RECIPIENT_REPLY_CODE, &code)
	return Recipient{
		Address:    text(C.BOUNCE_RECIPIENT_ADDRESS),
		Action:     C.GoString(C.bounce_action_name(C.bounce_recipient_action(r))),
		Type:       C.GoString(C.bounce_type_name(C.bounce_recipient_type(r))),
		Reason:     C.GoString(C.bounce_reason_name(C.bounce_recipient_reason(r))),
		Status:     text(C.BOUNCE_RECIPIENT_STATUS),
		Diagnostic: text(C.BOUNCE_RECIPIENT_DIAGNOSTIC),
		ReplyCode:  int(code),
		Advice:     text(C.BOUNCE_RECIPIENT_ADVICE_TEXT),
		Queue:      C.GoString(C.bounce_queue_name(C.bounce_recipient_queue(r))),
	}
}
