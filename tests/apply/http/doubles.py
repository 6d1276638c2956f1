"""The APIs of providers as one HTTP server on loopback that keeps state: shapes, words and rules are those they publish.

    http://127.0.0.1:PORT/PROVIDER/MODE/NUMBER/...   one account of its own for each NUMBER

Modes: "plain"; "limited" (every request is one too many), "silent" (a request that changes something gets no answer),
"broken" (it gets HTTP 500), "early" (the name does not lead to the address yet), "empty" (the account has nothing), "fails" (what is begun fails),
"echo" (a refusal quotes all that was sent).
Who asks must show the credentials of KEYS, in the way the provider wants them.
"""

import base64
import hashlib
import hmac
import http.server
import ipaddress
import json
import threading
import time
import urllib.parse

KEYS = {  # what each wants; none of it may ever be shown
    "hetzner-cloud": {"HCLOUD_TOKEN": "hc-SECRET-4e1f"},
    "hetzner-robot": {"ROBOT_USER": "#ws+mail", "ROBOT_PASSWORD": "ro-SECRET-77ab"},
    "digitalocean": {"DIGITALOCEAN_TOKEN": "dop-SECRET-90c1"},
    "linode": {"LINODE_TOKEN": "li-SECRET-11d2"},
    "vultr": {"VULTR_API_KEY": "vu-SECRET-5b3e"},
    "ovh": {"OVH_APPLICATION_KEY": "ak-SECRET-0a1b", "OVH_APPLICATION_SECRET": "as-SECRET-2c3d", "OVH_CONSUMER_KEY": "ck-SECRET-4e5f"},
    "scaleway-instances": {"SCW_SECRET_KEY": "scw-SECRET-6f70"},
    "upcloud": {"UPCLOUD_USERNAME": "mail", "UPCLOUD_PASSWORD": "up-SECRET-8192"},
    "aws-ec2": {"AWS_ACCESS_KEY_ID": "AKIASECRETEXAMPLE", "AWS_SECRET_ACCESS_KEY": "aws-SECRET-a3b4/+", "AWS_SESSION_TOKEN": "aws-SECRET-session"},
    "gcp": {"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29-SECRET-c5d6"},
    "azure": {"AZURE_ACCESS_TOKEN": "eyJ-SECRET-e7f8"},
}
ADDRESS4, ADDRESS6 = "203.0.113.5", "2001:db8:5::25"


class Refusal(Exception):
    def __init__(self, status, body, **headers):
        super().__init__(status)
        self.reply = (status, body, headers)


class Account:
    """What a provider's account is like at first. A subclass answers in its provider's words."""

    DEFAULT = ""  # the PTR's name while nobody set one

    def __init__(self, mode):
        self.mode = mode
        self.names = {}  # address: the PTR that was set
        self.actions = {}  # number: how often it was asked after

    def pointer(self):
        """The PTR of ADDRESS4 that the world sees."""
        return self.name(ADDRESS4)

    def settle(self):
        """Time passes: what was accepted is done."""

    def has(self, address):
        return self.mode != "empty" and address in (ADDRESS4, ADDRESS6)

    def name(self, address):
        return self.names.get(address, self.DEFAULT)

    def begin(self):
        number = 1000 + len(self.actions)
        self.actions[number] = 0
        return number

    def progress(self, number, running, done, failed):
        """Running when it is begun and asked after once, then over."""
        self.actions[number] += 1
        return running if self.actions[number] <= 2 else failed if self.mode == "fails" else done


class Zone:
    """example.com at a provider that runs its DNS too; each API names the fields of a record in its own way."""

    def __init__(self, label, rtype, data, ttl, apex=""):
        self.fields = {"label": label, "type": rtype, "data": data, "ttl": ttl}
        self.apex, self.next = apex, 4
        self.records = [self.record(1, "mail", "A", "203.0.113.99", 600), self.record(2, "www", "CNAME", "mail.example.com", 600),
                        self.record(3, apex, "MX", "mail.example.com", 600)]

    def record(self, number, label, rtype, data, ttl):
        return {"id": number, self.fields["label"]: label, self.fields["type"]: rtype, self.fields["data"]: data, self.fields["ttl"]: ttl}

    def at(self, label):
        return [record for record in self.records if record[self.fields["label"]] == label]

    def add(self, body):
        """The record, or None when something of it is missing or it is there already."""
        if any(body.get(field) in (None, "") for field in self.fields.values() if field != self.fields["label"]):
            return None
        record = {"id": self.next, **{field: body[field] for field in self.fields.values()}}
        if any(dict(record, id=0) == dict(other, id=0) for other in self.records):
            return None
        self.next += 1
        self.records.append(record)
        return record

    def remove(self, number):
        self.records = [record for record in self.records if record["id"] != int(number)]


def json_of(ask):
    return json.loads(ask.body)


class HetznerCloud(Account):
    DEFAULT = "static.5.113.0.203.clients.your-server.de"
    BAD_KEY = (401, {"error": {"code": "unauthorized", "message": "unable to authenticate"}})
    LIMITED = (429, {"error": {"code": "rate_limit_exceeded", "message": "limit of 3600 requests per hour reached"}})

    def allowed(self, ask):
        return ask.headers["Authorization"] == "Bearer " + KEYS["hetzner-cloud"]["HCLOUD_TOKEN"]

    def primary(self, number):
        if number == 42:
            pointers = [{"ip": ADDRESS4, "dns_ptr": self.name(ADDRESS4)}]
            return {"id": 42, "ip": ADDRESS4, "type": "ipv4", "dns_ptr": pointers, "assignee_id": 17, "assignee_type": "server"}
        pointers = [{"ip": ip, "dns_ptr": name} for ip, name in self.names.items() if ":" in ip]
        return {"id": 43, "ip": "2001:db8:5::/64", "type": "ipv6", "dns_ptr": pointers, "assignee_id": 17, "assignee_type": "server"}

    def answer(self, ask):
        match ask.method, ask.path.split("/")[2:]:
            case "GET", ["primary_ips"]:
                others = [{"id": 100 + n, "ip": f"198.51.100.{n}", "dns_ptr": []} for n in range(1, 51)]
                ours = [] if self.mode == "empty" else [self.primary(42), self.primary(43)]
                return 200, {"primary_ips": others if ask.query["page"] == "1" else ours if ask.query["page"] == "2" else []}
            case "GET", ["floating_ips"]:
                return 200, {"floating_ips": []}
            case "GET", ["primary_ips", number]:
                return 200, {"primary_ip": self.primary(int(number))}
            case "POST", ["primary_ips", _, "actions", "change_dns_ptr"]:
                body = json_of(ask)
                if self.mode == "early":
                    raise Refusal(422, {"error": {"code": "invalid_input", "message": "invalid input in field 'dns_ptr'"}})
                if body["dns_ptr"] is None:
                    self.names.pop(body["ip"], None)
                else:
                    self.names[body["ip"]] = body["dns_ptr"]
                return 201, self.action(self.begin())
            case "GET", ["actions", number]:
                return 200, self.action(int(number))

    def action(self, number):
        status = self.progress(number, "running", "success", "error")
        error = {"code": "action_failed", "message": "Action failed"} if status == "error" else None
        return {"action": {"id": number, "command": "change_dns_ptr", "status": status, "progress": 0, "error": error}}


class HetznerRobot(Account):
    DEFAULT = "static.5.113.0.203.clients.your-server.de"
    BAD_KEY = (401, {"error": {"status": 401, "code": "UNAUTHORIZED", "message": "Unauthorized"}})
    LIMITED = (403, {"error": {"status": 403, "code": "RATE_LIMIT_EXCEEDED", "message": "Rate limit exceeded", "max_request": 500, "interval": 3600}})

    def allowed(self, ask):
        keys = KEYS["hetzner-robot"]
        return ask.headers["Authorization"] == basic(keys["ROBOT_USER"], keys["ROBOT_PASSWORD"])

    def answer(self, ask):
        address = ask.path.split("/")[2]
        if not self.has(address):
            return 404, {"error": {"status": 404, "code": "IP_NOT_FOUND", "message": f"The IP address {address} was not found"}}
        if ask.method == "POST":
            if ask.headers["Content-Type"] != "application/x-www-form-urlencoded":
                return 400, {"error": {"status": 400, "code": "INVALID_INPUT", "message": "invalid input"}}
            self.names[address] = dict(urllib.parse.parse_qsl(ask.body))["ptr"]
        if ask.method == "DELETE":
            self.names.pop(address, None)
            return 200, ""
        if address not in self.names:
            return 404, {"error": {"status": 404, "code": "RDNS_NOT_FOUND", "message": f"The IP address {address} has no reverse DNS entry yet"}}
        return 200, {"rdns": {"ip": address, "ptr": self.names[address]}}


class DigitalOcean(Account):
    BAD_KEY = (401, {"id": "Unauthorized", "message": "Unable to authenticate you"})
    LIMITED = (429, {"id": "too_many_requests", "message": "API Rate limit exceeded."})

    def __init__(self, mode):
        super().__init__(mode)
        self.droplet = "web-1"
        self.zone = Zone("name", "type", "data", "ttl", apex="@")

    def pointer(self):
        return self.droplet if "." in self.droplet else ""

    def allowed(self, ask):
        return ask.headers["Authorization"] == "Bearer " + KEYS["digitalocean"]["DIGITALOCEAN_TOKEN"]

    def answer(self, ask):
        networks = {"v4": [{"ip_address": "10.0.0.7", "type": "private"}, {"ip_address": ADDRESS4, "type": "public"}],
                    "v6": [{"ip_address": ADDRESS6, "type": "public"}]}
        ours = {"id": 3164444, "name": self.droplet, "networks": networks}
        match ask.method, ask.path.split("/")[2:]:
            case "GET", ["droplets"]:
                return 200, {"droplets": [] if self.mode == "empty" else [ours], "links": {}, "meta": {"total": 1}}
            case "GET", ["droplets", "3164444"]:
                return 200, {"droplet": ours}
            case "POST", ["droplets", "3164444", "actions"]:
                body = json_of(ask)
                if body["type"] != "rename":
                    return 422, {"id": "unprocessable_entity", "message": "type is not valid"}
                self.droplet = body["name"]
                return 201, self.action(self.begin())
            case "GET", ["actions", number]:
                return 200, self.action(int(number))
            case "GET", ["domains", "example.com"]:
                return 200, {"domain": {"name": "example.com", "ttl": 1800}}
            case "GET", ["domains", "example.com", "records"]:
                return 200, {"domain_records": self.zone.at(ask.query["name"].removesuffix("example.com").rstrip(".") or "@"), "links": {}, "meta": {"total": 1}}
            case "POST", ["domains", "example.com", "records"]:
                record = self.zone.add(json_of(ask))
                return (201, {"domain_record": record}) if record else (422, {"id": "unprocessable_entity", "message": "Data needs to be complete"})
            case "DELETE", ["domains", "example.com", "records", number]:
                return self.zone.remove(number) or (204, "")
            case "GET", ["domains", *_]:
                return 404, {"id": "not_found", "message": "The resource you were accessing could not be found."}

    def action(self, number):
        return {"action": {"id": number, "type": "rename", "status": self.progress(number, "in-progress", "completed", "errored")}}


class Linode(Account):
    DEFAULT = "203-0-113-5.ip.linodeusercontent.com"
    BAD_KEY = (401, {"errors": [{"reason": "Invalid Token"}]})
    LIMITED = (429, {"errors": [{"reason": "Too many requests"}]})

    def allowed(self, ask):
        return ask.headers["Authorization"] == "Bearer " + KEYS["linode"]["LINODE_TOKEN"]

    def __init__(self, mode):
        super().__init__(mode)
        self.zone = Zone("name", "type", "target", "ttl_sec")

    def answer(self, ask):
        match ask.method, ask.path.split("/")[2:]:
            case "GET", ["domains"]:
                others = [{"id": n, "domain": f"example{n}.org"} for n in range(500)]
                return 200, {"data": others if ask.query["page"] == "1" else [{"id": 7777, "domain": "example.com"}], "page": int(ask.query["page"]), "pages": 2}
            case "GET", ["domains", "7777", "records"]:
                return 200, {"data": self.zone.records, "page": 1, "pages": 1}
            case "POST", ["domains", "7777", "records"]:
                record = self.zone.add(json_of(ask))
                return (200, record) if record else (400, {"errors": [{"reason": "incomplete"}]})
            case "DELETE", ["domains", "7777", "records", number]:
                return self.zone.remove(number) or (200, {})
        return self.address(ask)

    def address(self, ask):
        address = ask.path.split("/")[-1]
        if not self.has(address):
            return 404, {"errors": [{"reason": "Not found"}]}
        if ask.method == "PUT":
            name = json_of(ask)["rdns"]
            if self.mode == "early":
                return 400, {"errors": [{"field": "rdns", "reason": f"We were unable to perform a lookup for '{name}' at this time."}]}
            self.names[address] = name or self.DEFAULT
        return 200, {"address": address, "type": "ipv4", "public": True, "rdns": self.name(address), "linode_id": 123}


class Vultr(Account):
    DEFAULT = "203.0.113.5.vultrusercontent.com"
    BAD_KEY = (401, {"error": "Invalid API token.", "status": 401})
    LIMITED = (429, {"error": "Rate limit reached - please try your request again later.", "status": 429})
    ID = "cb676a46-66fd-4dfb-b839-443f2e6c0b60"

    def allowed(self, ask):
        return ask.headers["Authorization"] == "Bearer " + KEYS["vultr"]["VULTR_API_KEY"]

    def __init__(self, mode):
        super().__init__(mode)
        self.zone = Zone("name", "type", "data", "ttl")

    def answer(self, ask):
        match ask.method, ask.path.split("/")[2:]:
            case "GET", ["domains", "example.com"]:
                return 200, {"domain": {"domain": "example.com"}}
            case "GET", ["domains", "example.com", "records"]:
                return 200, {"records": self.zone.records, "meta": {"total": len(self.zone.records), "links": {"next": "", "prev": ""}}}
            case "POST", ["domains", "example.com", "records"]:
                record = self.zone.add(json_of(ask))
                return (201, {"record": record}) if record else (400, {"error": "incomplete", "status": 400})
            case "DELETE", ["domains", "example.com", "records", number]:
                return self.zone.remove(number) or (204, "")
            case "GET", ["domains", *_]:
                return 404, {"error": "Invalid domain.", "status": 404}
            case "GET", ["instances"]:
                ours = {"id": self.ID, "main_ip": ADDRESS4, "v6_main_ip": ADDRESS6, "label": "mail"}
                return 200, {"instances": [] if self.mode == "empty" else [ours], "meta": {"total": 1, "links": {"next": "", "prev": ""}}}
            case "GET", ["reserved-ips"]:
                return 200, {"reserved_ips": [], "meta": {"total": 0, "links": {"next": "", "prev": ""}}}
            case "GET", ["instances", self.ID, "ipv4"]:
                return 200, {"ipv4s": [{"ip": "203.0.113.4", "type": "secondary_ip", "reverse": "x.example"},
                                       {"ip": ADDRESS4, "type": "main_ip", "reverse": self.name(ADDRESS4)}], "meta": {"total": 2}}
            case "POST", ["instances", self.ID, "ipv4", "reverse"]:
                self.names[json_of(ask)["ip"]] = json_of(ask)["reverse"]
                return 204, ""
            case "POST", ["instances", self.ID, "ipv4", "reverse", "default"]:
                del self.names[json_of(ask)["ip"]]
                return 204, ""
            case "GET", ["instances", self.ID, "ipv6", "reverse"]:
                return 200, {"reverse_ipv6s": [{"ip": ip, "reverse": name} for ip, name in self.names.items() if ":" in ip]}
            case "POST", ["instances", self.ID, "ipv6", "reverse"]:
                self.names[json_of(ask)["ip"]] = json_of(ask)["reverse"]
                return 204, ""
            case "DELETE", ["instances", self.ID, "ipv6", "reverse", address]:
                del self.names[address]
                return 204, ""


class Ovh(Account):
    BAD_KEY = (403, {"errorCode": "INVALID_CREDENTIAL", "httpCode": "403 Forbidden", "message": "This credential is not valid"})
    LIMITED = (429, {"class": "Client::TooManyRequests", "message": "Too many requests"})

    def allowed(self, ask):
        if ask.path == "/auth/time":
            return True
        keys = KEYS["ovh"]
        when = ask.headers["X-Ovh-Timestamp"]
        text = "+".join([keys["OVH_APPLICATION_SECRET"], keys["OVH_CONSUMER_KEY"], ask.method, ask.url, ask.body, when])
        return (ask.headers["X-Ovh-Application"] == keys["OVH_APPLICATION_KEY"] and ask.headers["X-Ovh-Consumer"] == keys["OVH_CONSUMER_KEY"]
                and ask.headers["X-Ovh-Signature"] == "$1$" + hashlib.sha1(text.encode()).hexdigest() and abs(int(when) - self.now()) < 30)

    def __init__(self, mode):
        super().__init__(mode)
        self.zone, self.refreshed = Zone("subDomain", "fieldType", "target", "ttl"), 0

    def now(self):
        return int(time.time()) + 7200  # the clock on the other side is two hours ahead

    def answer(self, ask):
        match ask.method, ask.path.split("/")[1:]:
            case "GET", ["auth", "time"]:
                return 200, self.now()
            case "GET", ["domain", "zone", "example.com"]:
                return 200, {"name": "example.com", "hasDnsAnycast": False}
            case "GET", ["domain", "zone", "example.com", "record"]:
                return 200, [record["id"] for record in self.zone.at(ask.query["subDomain"])]
            case "GET", ["domain", "zone", "example.com", "record", number]:
                return 200, dict(next(record for record in self.zone.records if record["id"] == int(number)), zone="example.com")
            case "POST", ["domain", "zone", "example.com", "record"]:
                record = self.zone.add(json_of(ask))
                return (200, record) if record else (400, {"class": "Client::BadRequest", "message": "incomplete"})
            case "DELETE", ["domain", "zone", "example.com", "record", number]:
                return self.zone.remove(number) or (200, None)
            case "POST", ["domain", "zone", "example.com", "refresh"]:
                return 200, None
            case "GET", ["domain", "zone", *_]:
                return 404, {"class": "Client::NotFound", "message": "This service does not exist"}
            case "GET", ["ip"]:
                blocks = [] if self.mode == "empty" else ["203.0.113.0/29", "2001:db8:5::/64"]
                return 200, [block for block in blocks if ipaddress.ip_address(ask.query["ip"]) in ipaddress.ip_network(block)]
            case method, ["ip", "203.0.113.0%2F29" | "2001:db8:5::%2F64", "reverse", *rest]:
                return self.reverse(method, rest[0] if rest else json_of(ask)["ipReverse"], ask)

    def reverse(self, method, address, ask):
        if method == "POST":
            name = json_of(ask)["reverse"]
            if self.mode == "early":
                return 400, {"class": "Client::BadRequest", "message": f'"{name}" does not resolve to {address}'}
            self.names[address] = name
        elif address not in self.names:
            return 404, {"class": "Client::NotFound", "message": f"The requested object (ipReverse = {address}) does not exist"}
        if method == "DELETE":
            del self.names[address]
            return 200, None
        return 200, {"ipReverse": address, "reverse": self.names[address]}


class Scaleway(Account):
    DEFAULT = "5-113-0-203.instances.scw.cloud"
    BAD_KEY = (401, {"type": "denied_authentication", "method": "api_key", "reason": "not_found", "message": "authentication is denied"})
    LIMITED = (429, {"type": "too_many_requests", "message": "too many requests, slow down"})
    ID = "11111111-2222-4333-8444-555555555555"

    def allowed(self, ask):
        return ask.headers["X-Auth-Token"] == KEYS["scaleway-instances"]["SCW_SECRET_KEY"]

    def answer(self, ask):
        zone, rest = ask.path.split("/")[4], ask.path.split("/")[6:]
        ours = {"id": self.ID, "address": ADDRESS4, "reverse": self.name(ADDRESS4), "type": "routed_ipv4", "zone": zone}
        here = zone == "nl-ams-1" and self.mode != "empty"
        if not rest:
            return 200, {"ips": [ours] if here else [], "total_count": int(here)}
        if ask.method == "PATCH":
            name = json_of(ask)["reverse"]
            if self.mode == "early":
                return 400, {"type": "invalid_arguments", "message": "invalid argument(s)", "details": [
                    {"argument_name": "reverse", "reason": "constraint", "help_message": f"Your reverse must resolve. Ensure the command 'dig +short {name}' matches your IP address '{ADDRESS4}'."}]}
            self.names[ADDRESS4] = name or self.DEFAULT
        return 200, {"ip": dict(ours, reverse=self.name(ADDRESS4))}


class UpCloud(Account):
    DEFAULT = "203-0-113-5.nl-ams1.upcloud.host"
    BAD_KEY = (401, {"error": {"error_code": "AUTHENTICATION_FAILED", "error_message": "Authentication failed using the given username and password."}})
    LIMITED = (429, {"error": {"error_code": "RATE_LIMIT", "error_message": "Too many requests."}})

    def allowed(self, ask):
        keys = KEYS["upcloud"]
        return ask.headers["Authorization"] == basic(keys["UPCLOUD_USERNAME"], keys["UPCLOUD_PASSWORD"])

    def answer(self, ask):
        address = ask.path.split("/")[-1]
        if not self.has(address):
            return 404, {"error": {"error_code": "IP_ADDRESS_NOT_FOUND", "error_message": f"The IP address {address} does not exist."}}
        if ask.method == "PUT":
            self.names[address] = json_of(ask)["ip_address"]["ptr_record"]
        return 200 if ask.method == "GET" else 202, {"ip_address": {"access": "public", "address": address, "family": "IPv4", "ptr_record": self.name(address)}}


class Ec2(Account):
    ID = "eipalloc-0abc"
    BAD_KEY = (401, "<Response><Errors><Error><Code>AuthFailure</Code><Message>AWS was not able to validate the provided access credentials</Message>"
                    "</Error></Errors><RequestID>1</RequestID></Response>")
    LIMITED = (503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>")

    def allowed(self, ask):
        """Signature Version 4, reckoned once more here."""
        keys, headers = KEYS["aws-ec2"], ask.headers
        date, names = headers["X-Amz-Date"], ["content-type", "host", "x-amz-date", "x-amz-security-token"]
        place = f"{date[:8]}/eu-central-1/ec2/aws4_request"
        lines = "".join(f"{name}:{headers[name]}\n" for name in names)
        canonical = "\n".join(["POST", ask.target, "", lines, ";".join(names), hashlib.sha256(ask.body.encode()).hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", date, place, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + keys["AWS_SECRET_ACCESS_KEY"]).encode()
        for part in place.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return headers["Authorization"] == (f"AWS4-HMAC-SHA256 Credential={keys['AWS_ACCESS_KEY_ID']}/{place}, SignedHeaders={';'.join(names)}, "
                                            f"Signature={signature}") and headers["X-Amz-Security-Token"] == keys["AWS_SESSION_TOKEN"]

    def is_change(self, ask):
        return "Describe" not in ask.body

    def answer(self, ask):
        form = dict(urllib.parse.parse_qsl(ask.body))
        action = form["Action"]
        if action == "DescribeAddresses":
            if not self.has(form["PublicIp.1"]):
                return 400, (f"<Response><Errors><Error><Code>InvalidAddress.NotFound</Code><Message>Address '{form['PublicIp.1']}' not found."
                             "</Message></Error></Errors></Response>")
            return 200, (f"<DescribeAddressesResponse><addressesSet><item><publicIp>{ADDRESS4}</publicIp><allocationId>{self.ID}</allocationId>"
                         "<domain>vpc</domain></item></addressesSet></DescribeAddressesResponse>")
        if form.get("AllocationId", form.get("AllocationId.1")) != self.ID:
            return 400, "<Response><Errors><Error><Code>InvalidAllocationID.NotFound</Code></Error></Errors></Response>"
        if action == "ModifyAddressAttribute":
            self.update, self.asked = form["DomainName"], 0
        if action == "ResetAddressAttribute":
            self.update, self.asked = "", 0
        return 200, f"<{action}Response><addressSet><item>{self.state(action)}</item></addressSet></{action}Response>"

    update, asked = None, 0

    def settle(self):
        while self.update is not None:
            self.state("")

    def state(self, _):
        now = f"<publicIp>{ADDRESS4}</publicIp><allocationId>{self.ID}</allocationId>"
        update = ""
        if self.update is not None:
            self.asked += 1
            status = "PENDING" if self.asked <= 2 else "FAILED" if self.mode == "fails" else "DONE"
            if status == "PENDING" or status == "FAILED":
                update = f"<ptrRecordUpdate><value>{self.update}</value><status>{status}</status><reason>no A record &amp; no luck: failed</reason></ptrRecordUpdate>"
            else:
                self.names = {ADDRESS4: self.update + "."} if self.update else {}
                self.update = None
        record = f"<ptrRecord>{self.names[ADDRESS4]}</ptrRecord>" if ADDRESS4 in self.names else ""
        return now + record + update


class Gcp(Account):
    BAD_KEY = (401, {"error": {"code": 401, "message": "Request had invalid authentication credentials.", "status": "UNAUTHENTICATED"}})
    LIMITED = (429, {"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}})
    FETCHED = "ya29-SECRET-fetched"

    def allowed(self, ask):
        return ask.path == "/token" or ask.headers["Authorization"] in ["Bearer " + KEYS["gcp"]["GOOGLE_OAUTH_ACCESS_TOKEN"], "Bearer " + self.FETCHED]

    def is_change(self, ask):
        return "updateAccessConfig" in ask.path

    def instance(self):
        pointer = {address: {"setPublicPtr": True, "publicPtrDomainName": name} for address, name in self.names.items()}
        return {"name": "mail-1", "zone": "https://www.googleapis.com/compute/v1/projects/my-project/zones/europe-west3-a", "networkInterfaces": [
            {"name": "nic0", "networkIP": "10.0.0.2",
             "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": ADDRESS4, **pointer.get(ADDRESS4, {})}],
             "ipv6AccessConfigs": [{"type": "DIRECT_IPV6", "name": "external-ipv6", "externalIpv6": ADDRESS6, "externalIpv6PrefixLength": 96,
                                    **pointer.get(ADDRESS6, {})}]}]}

    def answer(self, ask):
        match ask.method, ask.path.split("/")[1:]:
            case "POST", ["token"]:
                return self.token(dict(urllib.parse.parse_qsl(ask.body)))
            case "GET", ["projects", "my-project", "aggregated", "instances"]:
                if "pageToken" not in ask.query:
                    return 200, {"items": {"zones/us-east1-b": {"warning": {"code": "NO_RESULTS_ON_PAGE"}}}, "nextPageToken": "p=2&x"}
                if ask.query["pageToken"] != "p=2&x":
                    return 400, {"error": {"code": 400, "message": "Invalid value for field 'pageToken'"}}
                return 200, {"items": {"zones/europe-west3-a": {"instances": [] if self.mode == "empty" else [self.instance()]}}}
            case "GET", ["projects", "my-project", "zones", "europe-west3-a", "instances", "mail-1"]:
                return 200, self.instance()
            case "POST", ["projects", "my-project", "zones", "europe-west3-a", "instances", "mail-1", "updateAccessConfig"]:
                body = json_of(ask)
                address = {"External NAT": ADDRESS4, "external-ipv6": ADDRESS6}[body["name"]]
                if self.mode == "early":
                    return 400, {"error": {"code": 400, "message": "Please verify ownership of the PTR domain", "errors": [{"message": "Please verify ownership of the PTR domain", "reason": "invalid"}]}}
                self.names.pop(address, None)
                if body["setPublicPtr"]:
                    self.names[address] = body["publicPtrDomainName"]
                return 200, self.operation(self.begin())
            case "GET", ["projects", "my-project", "zones", "europe-west3-a", "operations", number]:
                return 200, self.operation(int(number.removeprefix("operation-")))

    def operation(self, number):
        status = self.progress(number, "RUNNING", "DONE", "failed")
        error = {"error": {"errors": [{"code": "RESOURCE_ERROR", "message": "it failed"}]}} if status == "failed" else {}
        return {"kind": "compute#operation", "name": f"operation-{number}", "status": "DONE" if error else status, **error}

    def token(self, form):
        """RFC 7523; whoever made the key leaves `public_key` (a PEM file) here, for openssl to verify with."""
        import subprocess
        text, _, signature = form["assertion"].rpartition(".")
        claims = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))
        with open(self.public_key + ".sig", "wb") as out:
            out.write(base64.urlsafe_b64decode(signature + "=="))
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.public_key, "-signature", self.public_key + ".sig"],
                                  input=text.encode(), capture_output=True).returncode == 0
        if not verified or claims["iss"] != "mail@my-project.example" or not 0 <= claims["exp"] - time.time() <= 3600:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        return 200, {"access_token": self.FETCHED, "expires_in": 3599, "token_type": "Bearer"}

    public_key = ""  # of all accounts


class Azure(Account):
    ID = "/subscriptions/11-22/resourceGroups/mail/providers/Microsoft.Network/publicIPAddresses/mail-ip"
    BAD_KEY = (401, {"error": {"code": "InvalidAuthenticationToken", "message": "The access token is invalid."}})
    LIMITED = (429, {"error": {"code": "TooManyRequests", "message": "The request is being throttled."}})
    FETCHED = "eyJ-SECRET-fetched"

    def __init__(self, mode):
        super().__init__(mode)
        self.settings, self.etag, self.asked = {"domainNameLabel": "mail-x", "fqdn": "mail-x.eastus.cloudapp.azure.com"}, 1, 9

    def allowed(self, ask):
        return ask.path.endswith("/token") or ask.headers["Authorization"] in ["Bearer " + KEYS["azure"]["AZURE_ACCESS_TOKEN"], "Bearer " + self.FETCHED]

    def is_change(self, ask):
        return ask.method == "PUT"

    def pointer(self):
        return self.settings.get("reverseFqdn", "")

    def resource(self):
        self.asked += 1
        state = "Updating" if self.asked <= 2 else "Failed" if self.mode == "fails" and self.etag > 1 else "Succeeded"
        return {"name": "mail-ip", "id": self.ID, "etag": f'W/"{self.etag}"', "location": "eastus", "sku": {"name": "Standard"}, "tags": {"owner": "ops"},
                "properties": {"provisioningState": state, "ipAddress": ADDRESS4, "publicIPAllocationMethod": "Static", "dnsSettings": dict(self.settings)}}

    def answer(self, ask):
        if ask.path.endswith("/tenant-1/oauth2/v2.0/token"):
            form = dict(urllib.parse.parse_qsl(ask.body))
            if (form["client_id"], form["client_secret"], form["grant_type"]) != ("app-1", "az-SECRET-client&=", "client_credentials"):
                return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
            return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": self.FETCHED}
        if ask.query.get("api-version") is None:
            return 400, {"error": {"code": "MissingApiVersionParameter", "message": "The api-version query parameter (?api-version=) is required for all requests."}}
        if ask.path == "/subscriptions/11-22/providers/Microsoft.Network/publicIPAddresses":
            if "page" not in ask.query:
                return 200, {"value": [], "nextLink": ask.url + "&page=2"}
            return 200, {"value": [] if self.mode == "empty" else [self.resource()]}
        if ask.path != self.ID:
            return 404, {"error": {"code": "ResourceNotFound", "message": "The Resource was not found."}}
        if ask.method == "PUT":
            body = json_of(ask)
            if ask.headers["If-Match"] != f'W/"{self.etag}"':
                return 412, {"error": {"code": "PreconditionFailed", "message": "The etag does not match."}}
            if body["tags"] != {"owner": "ops"} or body["properties"]["dnsSettings"]["domainNameLabel"] != "mail-x":
                return 400, {"error": {"code": "InvalidRequestFormat", "message": "something of the resource was lost"}}
            if self.mode == "early":
                return 400, {"error": {"code": "ReverseFqdnDoesNotMatch", "message": "ReverseFqdn mail.example.com. does not match any of the names."}}
            self.settings, self.etag, self.asked = body["properties"]["dnsSettings"], self.etag + 1, 0
        return 200, self.resource()


ACCOUNTS = {"aws-ec2": Ec2, "gcp": Gcp, "azure": Azure, "hetzner-cloud": HetznerCloud, "hetzner-robot": HetznerRobot, "digitalocean": DigitalOcean, "linode": Linode, "vultr": Vultr,
            "ovh": Ovh, "scaleway-instances": Scaleway, "upcloud": UpCloud}


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Ask:
    """One request, as an account sees it: the path without what picks the account."""

    def __init__(self, handler, path):
        length = int(handler.headers.get("Content-Length") or 0)
        self.method, self.headers = handler.command, handler.headers
        self.body = handler.rfile.read(length).decode()
        self.url = f"http://{handler.headers['Host']}{handler.path}"
        self.target = handler.path
        self.path, _, query = path.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    def changes(self, account):
        return account.is_change(self) if hasattr(account, "is_change") else self.method != "GET"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        _, provider, mode, number, path = self.path.split("/", 4)
        ask = Ask(self, "/" + path)
        with self.server.lock:
            account = self.server.accounts.setdefault((provider, mode, number), ACCOUNTS[provider](mode))
            status, body, headers = self.reply_of(account, ask, mode)
            self.server.world(account.pointer().rstrip("."))
        if status is None:
            self.server.over.wait(30)
            self.close_connection = True
            return
        octets = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml" if octets.startswith(b"<") else "application/json")
        self.send_header("Content-Length", str(len(octets)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(octets)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    @staticmethod
    def reply_of(account, ask, mode):
        if mode == "limited" and ask.path != "/auth/time" and not ask.path.endswith("/token"):
            return (*account.LIMITED, {"Retry-After": "7"})
        if mode == "echo" and ask.path != "/auth/time":
            said = " ".join([*ask.headers.values(), ask.body])
            return 403, {"message": "x" * 300 + f" not with {said} ({said})"}, {}
        if not account.allowed(ask):
            return (*account.BAD_KEY, {})
        if ask.changes(account):
            account.changes = getattr(account, "changes", 0) + 1
            if mode == "silent":
                return None, "", {}
            if mode == "broken":
                return 500, "<html>oops</html>", {}
        try:
            return (*(account.answer(ask) or (404, {"message": f"the double knows no {ask.method} {ask.path}"})), {})
        except Refusal as refusal:
            return refusal.reply


class Doubles(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.over, self.accounts = threading.Lock(), threading.Event(), {}
        self.world = lambda pointer: None  # told of the PTR after each request, so that a DNS server can show it
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, provider, mode, number):
        return f"http://127.0.0.1:{self.server_address[1]}/{provider}/{mode}/{number}"

    def changes(self, provider, mode, number):
        """How many requests to change something reached that account."""
        with self.lock:
            return getattr(self.accounts.get((provider, mode, str(number))), "changes", 0)

    def open_account(self, provider):
        """A new account in "plain", number 1; the world sees its PTR from now on."""
        with self.lock:
            account = self.accounts[provider, "plain", "1"] = ACCOUNTS[provider]("plain")
            self.world(account.pointer().rstrip("."))

    def settle(self, provider):
        with self.lock:
            account = self.accounts[provider, "plain", "1"]
            account.settle()
            self.world(account.pointer().rstrip("."))

    def end(self):
        self.over.set()
        self.shutdown()
