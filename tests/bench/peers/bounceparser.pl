#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Mail::DeliveryStatus::BounceParser over an mbox, one line for each recipient:
# bounceparser.pl MAILBOX
use strict;
use warnings;
use Mail::DeliveryStatus::BounceParser;

sub parse {
    my $bounce = eval { Mail::DeliveryStatus::BounceParser->new($_[0]) } or return;
    print join("\t", $_->get('email') // '', $_->get('std_reason') // ''), "\n" for $bounce->reports;
}

die "usage: bounceparser.pl MAILBOX\n" if @ARGV != 1;
open(my $file, '<:raw', $ARGV[0]) or die "$ARGV[0]: $!\n";
my $mail;
while (my $line = <$file>) {
    if ($line =~ /^From /) {
        parse($mail) if defined $mail;
        $mail = '';
    } else {
        $mail .= $line;
    }
}
parse($mail) if defined $mail;
