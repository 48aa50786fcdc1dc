#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Sisimai over a mailbox, JSON to standard output: sisimai.pl MAILBOX
use strict;
use warnings;
use Sisimai;

die "usage: sisimai.pl MAILBOX\n" if @ARGV != 1;
print Sisimai->dump($ARGV[0], 'delivered' => 1) // '[]', "\n";
