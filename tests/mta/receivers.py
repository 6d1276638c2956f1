"""Who refuses our mail, at which step, and with which words: literal replies, only their client address is ours."""

from dataclasses import dataclass

HOST = "out.example.org"                       # the sending host
SENDER = "sender@" + HOST
CLIENT4, CLIENT6 = "192.0.2.25", "2001:db8::25"  # its addresses, and what the receivers quote


@dataclass(frozen=True)
class Receiver:
    name: str
    recipient: str
    host: str          # the name of its server, which has `address`
    address: str
    stage: str         # "banner", "rcpt", "data" (after the mail), or "" when it takes everything
    reply: str         # its lines as they go over the wire, without their ends

    @property
    def domain(self):
        return self.recipient.split("@")[1]


RECEIVERS = [
    Receiver("gmail-550", "a@gmail.test", "gmail-smtp-in.l.google.com", "198.51.100.11", "data", """\
550-5.7.25 [192.0.2.25] The IP address sending this message does not have a
550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not
550-5.7.25 match the sending IP. As a policy, Gmail does not accept messages
550-5.7.25 from IPs with missing PTR records. For more information, go to
550-5.7.25  https://support.google.com/a?p=sender-guidelines-ip
550-5.7.25 To learn more about Gmail requirements for bulk senders, visit
550 5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-4a7f2c86e35si1204917e9.216 - gsmtp"""),
    Receiver("gmail-421", "b@gmail2.test", "alt1.gmail-smtp-in.l.google.com", "198.51.100.12", "data", """\
421-4.7.23 [192.0.2.25] The sending IP address for this message doesn't have a
421-4.7.23 PTR record, or the PTR record's forward DNS entry doesn't match the
421-4.7.23 sending IP address. To protect users from spam, your email has been
421-4.7.23 temporarily rate limited. For more information, go to
421 4.7.23  https://support.google.com/a?p=sender-guidelines-ip 5b1f17b1804b1-4a7f2c86e35si1204918e9.217 - gsmtp"""),
    Receiver("gmx-554", "c@gmx.test", "mx00.emig.gmx.net", "198.51.100.13", "banner", """\
554-gmx.net (mxgmx116) Nemesis ESMTP Service not available
554-No SMTP service
554-Bad DNS PTR resource record.
554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=rdns"""),
    Receiver("free-421", "d@free.test", "mx1.free.fr", "198.51.100.14", "banner", """\
421 Refused. Your reverse DNS entry does not resolve to an IP."""),
    Receiver("postfix-450", "e@postfix.test", "mx1.postfix.example", "198.51.100.15", "rcpt", """\
450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]"""),
    Receiver("magicmail-550", "f@magic.test", "mx.magicmail.example", "198.51.100.16", "rcpt", """\
550-Your message was rejected by this system and was not delivered.
550-Reason: This system will not accept messages from servers/devices with no reverse DNS. IP=[192.0.2.25]
550-Protection provided by: MagicMail version 2.0
550-For more information, please visit the URL:
550-http://www.linuxmagic.com/best_practices/check_ip_reverse_dns.html
550 7d39d529-9584-f4be-161127e61f5f54002"""),
    Receiver("gmail-ipv6", "g@gmail6.test", "alt2.gmail-smtp-in.l.google.com", "2001:db8:51::17", "data", """\
550-5.7.1 [2001:db8::25      19] Our system has detected that this
550-5.7.1 message does not meet IPv6 sending guidelines regarding PTR records
550-5.7.1 and authentication. Please review
550-5.7.1  https://support.google.com/mail/?p=IPv6AuthError for more information
550 5.7.1 . 5b1f17b1804b1-4a7f2c86e35si1204919e9.218 - gsmtp"""),
    Receiver("gmail-dmarc", "h@gmail3.test", "alt3.gmail-smtp-in.l.google.com", "198.51.100.18", "data", """\
550-5.7.26 Unauthenticated email from out.example.org is not accepted due to
550-5.7.26 domain's DMARC policy. Please contact the administrator of
550-5.7.26 out.example.org domain if this was a legitimate mail. To learn about
550-5.7.26 the DMARC initiative, go to
550 5.7.26  https://support.google.com/mail/?p=DmarcRejection 5b1f17b1804b1-4a7f2c86e35si1204920e9.219 - gsmtp"""),
    Receiver("accepts", "i@accepts.test", "mx.accepts.example", "198.51.100.19", "", ""),
]


@dataclass(frozen=True)
class Mail:
    """One mail that our server gets to deliver."""

    name: str
    to: dict           # recipient: Receiver

    @property
    def refused(self):
        return any(receiver.stage for receiver in self.to.values())


def several(name, *receivers):
    """To several at once; the recipients' names tell the mail."""
    return Mail(name, {f"{name}-{receiver.recipient}": receiver for receiver in RECEIVERS if receiver.name in receivers})


MAILS = [*(Mail(receiver.name, {receiver.recipient: receiver}) for receiver in RECEIVERS),
         several("trio", "gmail-550", "magicmail-550", "accepts")]
