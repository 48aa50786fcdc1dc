<?php
/* SPDX-License-Identifier: MIT */
/*
 * Bounce.php - libbounce from PHP 8, through FFI (ext-ffi; Debian: php-cli has it).
 *
 * In: mails, SMTP replies. Out: arrays with the keys of the JSON output (doc/output.md); values that
 * a report does not state are null. A BounceException says what went wrong.
 *
 *     $bounce = new Bounce();
 *     foreach ($bounce->parse($mail)['recipients'] as $recipient)
 *         echo $recipient['address'] ?? '(not stated)', ' ', $recipient['reason'], "\n";
 *
 * Under a web server, FFI must be allowed: ffi.enable=true in php.ini. The environment variable
 * BOUNCE_LIBRARY is the path of a library outside the system's search path.
 */
declare(strict_types=1);

class BounceException extends RuntimeException
{
}

class Bounce
{
    /* The parts of bounce.h that are used here. */
    private const DECLARATIONS = <<<'C'
        typedef struct bounce_rules bounce_rules;
        typedef struct bounce_options bounce_options;
        typedef struct bounce_parser bounce_parser;
        typedef struct bounce_report bounce_report;
        typedef struct bounce_mailbox bounce_mailbox;
        typedef struct bounce_context bounce_context;
        typedef struct bounce_error { int status; uint32_t line; uint32_t column; char message[256]; } bounce_error;
        typedef struct bounce_source { const char *path; uint64_t index; uint64_t offset; uint64_t length; } bounce_source;
        typedef struct bounce_view { const unsigned char *bytes; size_t length; uint64_t true_length; uint64_t offset;
                                     uint64_t index; const char *path; } bounce_view;
        bounce_rules *bounce_rules_default(void);
        int bounce_rules_load(const char *const *paths, size_t count, void *on_error, void *data, bounce_rules **rules,
                              bounce_error *error);
        void bounce_rules_unref(bounce_rules *rules);
        bounce_parser *bounce_parser_new(bounce_rules *rules, const bounce_options *options);
        void bounce_parser_free(bounce_parser *parser);
        int bounce_parse(bounce_parser *parser, const char *bytes, size_t length, bounce_report **report,
                         bounce_error *error);
        bounce_context *bounce_context_new(void);
        void bounce_context_free(bounce_context *context);
        void bounce_context_set_host(bounce_context *context, const char *host);
        void bounce_context_set_recipient(bounce_context *context, const char *recipient);
        int bounce_parse_reply(bounce_parser *parser, const char *text, size_t length, const bounce_context *context,
                               bounce_report **report, bounce_error *error);
        int bounce_report_json(bounce_report *report, const bounce_source *source, const char **json, size_t *length);
        void bounce_report_free(bounce_report *report);
        int bounce_mailbox_open(const char *path, int format, uint64_t max_message_bytes, bounce_mailbox **mailbox,
                                bounce_error *error);
        int bounce_mailbox_next(bounce_mailbox *mailbox, bounce_view *view, bounce_error *error);
        void bounce_mailbox_close(bounce_mailbox *mailbox);
        C;
    private const OK = 0;
    private const END = 1;
    private const ERROR_IO = 3;

    private FFI $c;
    private ?FFI\CData $parser = null;

    /** @param string[] $rules files or folders with your own rules */
    public function __construct(array $rules = [])
    {
        $this->c = FFI::cdef(self::DECLARATIONS, getenv('BOUNCE_LIBRARY') ?: 'libbounce.so.0');
        $set = $rules ? $this->load($rules) : $this->c->bounce_rules_default();
        $this->parser = $this->c->bounce_parser_new($set, null);
        $this->c->bounce_rules_unref($set); // the parser has its own reference
    }

    public function __destruct()
    {
        if ($this->parser !== null)
            $this->c->bounce_parser_free($this->parser);
    }

    /** What one mail says. */
    public function parse(string $mail): array
    {
        return $this->take(fn($report, $error) =>
            $this->c->bounce_parse($this->parser, $mail, strlen($mail), $report, $error));
    }

    /** What one SMTP reply means; host and recipient as far as they are known. */
    public function parseReply(string $reply, ?string $host = null, ?string $recipient = null): array
    {
        $context = $this->c->bounce_context_new();
        try {
            $this->c->bounce_context_set_host($context, $host);
            $this->c->bounce_context_set_recipient($context, $recipient);
            return $this->take(fn($report, $error) =>
                $this->c->bounce_parse_reply($this->parser, $reply, strlen($reply), $context, $report, $error));
        } finally {
            $this->c->bounce_context_free($context);
        }
    }

    /**
     * What each mail of an mbox, a Maildir or a folder says. A file in a folder that cannot
     * be read only adds an entry to $unread.
     */
    public function mailbox(string $path, array &$unread = []): Generator
    {
        $c = $this->c;
        $mailbox = $c->new('bounce_mailbox *');
        $error = $c->new('bounce_error');
        if ($c->bounce_mailbox_open($path, 0, 0, FFI::addr($mailbox), FFI::addr($error)) !== self::OK)
            throw new BounceException(FFI::string($error->message));
        try {
            $view = $c->new('bounce_view');
            while (($status = $c->bounce_mailbox_next($mailbox, FFI::addr($view), FFI::addr($error))) !== self::END) {
                if ($status === self::ERROR_IO)
                    $unread[] = FFI::string($error->message);
                elseif ($status !== self::OK)
                    throw new BounceException(FFI::string($error->message));
                else
                    yield $this->parse($view->length ? FFI::string($view->bytes, $view->length) : '');
            }
        } finally {
            $c->bounce_mailbox_close($mailbox);
        }
    }

    private function load(array $paths): FFI\CData
    {
        $c = $this->c;
        $kept = [];
        $list = $c->new('const char *[' . count($paths) . ']');
        foreach (array_values($paths) as $i => $path) {
            $bytes = $c->new('char[' . (strlen($path) + 1) . ']');
            FFI::memcpy($bytes, $path, strlen($path));
            $list[$i] = $c->cast('const char *', FFI::addr($bytes));
            $kept[] = $bytes; // until the call is over
        }
        $rules = $c->new('bounce_rules *');
        $error = $c->new('bounce_error');
        if ($c->bounce_rules_load($list, count($paths), null, null, FFI::addr($rules), FFI::addr($error)) !== self::OK)
            throw new BounceException(FFI::string($error->message));
        return $rules;
    }

    /** Calls a function that makes a report, and frees the report after reading its JSON. */
    private function take(callable $make): array
    {
        $c = $this->c;
        $report = $c->new('bounce_report *');
        $error = $c->new('bounce_error');
        if ($make(FFI::addr($report), FFI::addr($error)) !== self::OK)
            throw new BounceException(FFI::string($error->message));
        try {
            $json = $c->new('const char *');
            if ($c->bounce_report_json($report, null, FFI::addr($json), null) !== self::OK)
                throw new BounceException('memory ran out');
            return json_decode(is_string($json) ? $json : FFI::string($json), true, 512, JSON_THROW_ON_ERROR);
        } finally {
            $c->bounce_report_free($report);
        }
    }
}
