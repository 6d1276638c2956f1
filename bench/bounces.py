#!/usr/bin/env python3
"""Writes an mbox of COUNT bounces, the same for the same COUNT: reports of Postfix, Exim, Microsoft 365, Gmail, Sendmail and
OpenSMTPD, notices of qmail, with the replies of refusals.tsv.

    bench/bounces.py bench/refusals.tsv 20000 > bounces.mbox
"""
import random
import sys
import textwrap

PEOPLE = ["alice", "bob", "carol.smith", "dave", "erin", "newsletter", "info", "support", "jan.novak", "office"]
DOMAINS = ["gmail.com", "outlook.com", "gmx.net", "example.org", "web.de", "yahoo.com", "university.example", "company.example"]
BODY = "\n".join(textwrap.wrap("The figures of the last quarter are attached, as we said on the phone. " * 8, 72))


class Mail:
    def __init__(self, number, refusal, chance):
        self.host, self.code, self.enhanced, self.text = refusal
        self.number = number
        self.to = f"{chance.choice(PEOPLE)}{number % 97}@{chance.choice(DOMAINS)}"
        self.sender = f"{chance.choice(PEOPLE)}@sender.example"
        self.id = f"{number:07X}"
        self.clock = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        self.date = f"Sat, 21 Nov 2026 {self.clock} +0000"
        self.head = self.code + " " + (self.enhanced + " " if self.enhanced else "")
        self.lines = textwrap.wrap(self.text, 70, break_long_words=False, break_on_hyphens=False) or [""]

    def reply(self):
        """As the server sent it."""
        tail = " " + self.enhanced if self.enhanced else ""
        last = len(self.lines) - 1
        return [self.code + (" " if i == last else "-") + (tail[1:] + " " if tail else "") + line for i, line in enumerate(self.lines)]

    def folded(self, first, indent):
        glued = " ".join(self.reply())
        return textwrap.fill(glued, 76, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

    def returned(self):
        return (f"Return-Path: <{self.sender}>\nReceived: from [192.168.1.{self.number % 250}] (dsl.sender.example [198.51.100.{self.number % 250}])\n"
                f"\tby out.sender.example (Postfix) with ESMTPSA id {self.id}\n\tfor <{self.to}>; {self.date}\n"
                f"From: {self.sender}\nTo: {self.to}\nSubject: figures\nMessage-ID: <{self.id}@sender.example>\nDate: {self.date}\n\n{BODY}\n")

    def header(self, subject, content_type, who="MAILER-DAEMON@out.sender.example"):
        return (f"Return-Path: <>\nDelivered-To: {self.sender}\nReceived: by out.sender.example\n\tid B{self.id}; {self.date}\nDate: {self.date}\n"
                f"From: Mail Delivery System <{who}>\nSubject: {subject}\nTo: {self.sender}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
                f"Content-Type: {content_type}\nMessage-Id: <B{self.id}@out.sender.example>\n\n")

    def report(self, subject, prose, status, who="MAILER-DAEMON@out.sender.example"):
        edge = f"{self.id}.1795288280/out.sender.example"
        return (self.header(subject, f'multipart/report; report-type=delivery-status;\n\tboundary="{edge}"', who)
                + f"This is a MIME-encapsulated message.\n\n--{edge}\nContent-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n{prose}\n"
                + f"--{edge}\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n{status}\n"
                + f"--{edge}\nContent-Description: Undelivered Message\nContent-Type: message/rfc822\n\n{self.returned()}\n--{edge}--\n")

    def status(self, diagnostic, more="", remote=True):
        return (f"Reporting-MTA: dns; out.sender.example\n{more}Arrival-Date: {self.date}\n\nFinal-Recipient: rfc822; {self.to}\n"
                f"Original-Recipient: rfc822;{self.to}\nAction: failed\nStatus: {self.enhanced or '5.0.0'}\n"
                + (f"Remote-MTA: dns; {self.host}\n" if remote else "") + (f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""))

    def postfix(self):
        prose = ("This is the mail system at host out.sender.example.\n\nI'm sorry to have to inform you that your message could not\n"
                 "be delivered to one or more recipients. It's attached below.\n\n                   The mail system\n\n"
                 + self.folded(f"<{self.to}>: host {self.host}[192.0.2.7] said: ", "    ") + " (in reply to\n    end of DATA command)\n")
        return self.report("Undelivered Mail Returned to Sender", prose,
                           self.status(self.folded("", "    ").lstrip(), f"X-Postfix-Queue-ID: {self.id}\nX-Postfix-Sender: rfc822; {self.sender}\n"))

    def exim(self):
        prose = ("This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
                 f"recipients. This is a permanent error. The following address(es) failed:\n\n  {self.to}\n    host {self.host} [192.0.2.7]\n"
                 "    SMTP error from remote mail server after end of data:\n    " + "\n    ".join(self.reply()) + "\n")
        return "X-Failed-Recipients: " + self.to + "\n" + self.report("Mail delivery failed: returning message to sender", prose,
                                                                      self.status("\n ".join(self.reply())))

    def microsoft(self):
        glued = " ".join(self.reply())
        prose = (f"Delivery has failed to these recipients or groups:\n\n{self.to}<mailto:{self.to}>\nYour message wasn't delivered.\n\n"
                 f"Diagnostic information for administrators:\n\nGenerating server: AM0PR05MB0001.eurprd05.sender.example\n\n{self.to}\n{self.host}\n"
                 f"Remote Server returned '{glued}'\n")
        return self.report("Undeliverable: figures", prose, self.status(glued), "postmaster@sender.example")

    def gmail(self):
        prose = (f"** Message blocked **\n\nYour message to {self.to} has been blocked. See technical details below for more information.\n\n"
                 "The response from the remote server was:\n" + self.head + self.text + "\n")
        return self.report("Delivery Status Notification (Failure)", prose, self.status(self.head + self.text), "mailer-daemon@googlemail.com")

    def sendmail(self):
        reply = self.reply()
        prose = (f"The original message was received at {self.date}\nfrom localhost\n\n   ----- The following addresses had permanent fatal errors -----\n"
                 f"<{self.to}>\n    (reason: {reply[0]})\n\n   ----- Transcript of session follows -----\n... while talking to {self.host}.:\n>>> DATA\n<<< "
                 + "\n<<< ".join(reply) + "\n554 5.0.0 Service unavailable\n")
        return self.report("Returned mail: see transcript for details", prose, self.status(reply[0], remote=False))

    def opensmtpd(self):
        prose = ("    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n"
                 f"    the following list of recipients:\n\n{self.to}: {self.head}{self.text}\n\n    Below is a copy of the original message:\n")
        return self.report("Delivery status notification: failed", prose, self.status("", remote=False))

    def qmail(self):
        return (self.header("failure notice", "text/plain; charset=us-ascii")
                + "Hi. This is the qmail-send program at out.sender.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
                + f"This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{self.to}>:\n192.0.2.7 does not like recipient.\n"
                + f"Remote host said: {self.head}{self.text}\nGiving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\n{self.returned()}")


FORMS = [Mail.postfix] * 8 + [Mail.exim] * 4 + [Mail.microsoft] * 3 + [Mail.gmail] * 2 + [Mail.sendmail, Mail.opensmtpd, Mail.qmail]


def main():
    with open(sys.argv[1], encoding="utf-8") as table:
        refusals = [line.rstrip("\n").split("\t") for line in table][1:]
    chance = random.Random(4)
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n")
    for number in range(int(sys.argv[2])):
        mail = Mail(number, chance.choice(refusals), chance)
        text = chance.choice(FORMS)(mail).replace("\nFrom ", "\n>From ")
        out.write(f"From MAILER-DAEMON Sat Nov 21 {mail.clock} 2026\n{text}\n")


main()
