<?php
/* SPDX-License-Identifier: MIT */
/*
 * classify.php - which addresses of mailboxes failed, and why.
 *
 * usage: php classify.php MAILBOX...
 *        php classify.php --reply TEXT
 *
 * In: mbox files, Maildirs, folders, single mails; or one SMTP reply. Out: a line for each recipient.
 * Exit status 1 if something cannot be read.
 */
declare(strict_types=1);
require __DIR__ . '/Bounce.php';

function show(array $report): void
{
    foreach ($report['recipients'] as $recipient)
        printf("%s: %s, %s, %s\n", $recipient['address'] ?? '(not stated)', $recipient['type'],
            $recipient['reason'] ?? '-', $recipient['status'] ?? '-');
}

if ($argc < 2) {
    fwrite(STDERR, "usage: php classify.php MAILBOX... | --reply TEXT\n");
    exit(2);
}
$unread = [];
try {
    $bounce = new Bounce();
    if ($argv[1] === '--reply') {
        show($bounce->parseReply($argv[2] ?? ''));
    } else {
        foreach (array_slice($argv, 1) as $path)
            foreach ($bounce->mailbox($path, $unread) as $report)
                show($report);
    }
} catch (BounceException $e) {
    $unread[] = $e->getMessage();
}
foreach ($unread as $message)
    fwrite(STDERR, "classify.php: $message\n");
exit($unread ? 1 : 0);
