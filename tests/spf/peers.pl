# Reads scenarios in the form of the test suite and prints what Mail::SPF makes of each test: "ID RESULT".
use strict;
use warnings;
use JSON::PP;
use Net::DNS;
use Mail::SPF;

package Played;

sub new { my ($class, $zones) = @_; return bless {zones => $zones, error => ''}, $class; }
sub errorstring { return $_[0]{error}; }

# The answer to one question, aliases followed.
sub send {
    my ($self, $name, $type) = @_;
    $self->{error} = '';
    my $packet = Net::DNS::Packet->new($name, $type);
    for (0 .. 16) {
        my $entries = $self->{zones}{lc $name};
        if (!$entries) {
            $packet->header->rcode('NXDOMAIN');
            return $packet;
        }
        if (grep { !ref } @$entries) {
            $self->{error} = 'query timed out';
            return undef;
        }
        my @found = grep { exists $_->{$type} || ($type eq 'TXT' && exists $_->{SPF}) } @$entries;
        for my $entry (@found) {
            my $data = $entry->{$type} // $entry->{SPF};
            my %fields = $type eq 'TXT' ? (txtdata => ref $data ? $data : [$data]) : $type eq 'MX' ? (preference => $data->[0], exchange => $data->[1])
                : $type eq 'PTR' ? (ptrdname => $data) : (address => $data);
            $packet->push(answer => Net::DNS::RR->new(name => $name, type => $type, ttl => 60, %fields));
        }
        return $packet if @found;
        my ($alias) = grep { exists $_->{CNAME} } @$entries;
        return $packet if !$alias;
        $packet->push(answer => Net::DNS::RR->new(name => $name, type => 'CNAME', ttl => 60, cname => $alias->{CNAME}));
        $name = $alias->{CNAME};
    }
    $packet->header->rcode('SERVFAIL');
    return $packet;
}

package main;

local $/;
for my $scenario (@{decode_json(<STDIN>)}) {
    my $server = Mail::SPF::Server->new(dns_resolver => Played->new($scenario->{zonedata}), query_rr_types => Mail::SPF::Server->query_rr_type_txt,
                                        hostname => 'receiver.example', default_authority_explanation => '');
    for my $id (sort keys %{$scenario->{tests}}) {
        my $test = $scenario->{tests}{$id};
        my $result = eval {
            $server->process(Mail::SPF::Request->new(versions => [1], scope => $test->{mailfrom} ? 'mfrom' : 'helo',
                identity => $test->{mailfrom} || $test->{helo}, ip_address => $test->{host}, helo_identity => $test->{helo}))->code;
        };
        $result =~ s/-by-default// if $result;
        print "$id ", $result // 'exception', "\n";
    }
}
