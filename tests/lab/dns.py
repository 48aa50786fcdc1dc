# SPDX-License-Identifier: MIT
"""Scripted DNS on 127.0.0.1:53 (UDP and TCP), for the private network namespace of the lab only.

In: a table of domains. Out: answers for A, MX and PTR; everything else is an empty answer. Never queries other servers.
A domain's "dns" is one of: plain (MX 10 mx.DOMAIN and its address), nxdomain, servfail, nodata, nullmx (RFC 7505),
mx-lost (an MX whose host does not exist), home (the MX is the server under test).
"""
import asyncio
import struct

A, PTR, MX, SOA = 1, 12, 15, 6
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


def encode_name(name):
    labels = [part.encode() for part in name.rstrip(".").split(".") if part]
    return b"".join(bytes([len(l)]) + l for l in labels) + b"\0"


def decode_name(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1").lower())
        at += 1 + packet[at]
    return ".".join(labels), at + 1


class Zone:
    """What the world looks like to the server under test: domain -> (behaviour, address of its mail host)."""

    def __init__(self):
        self.domains, self.names = {}, {}

    def add(self, domain, behaviour, address):
        self.domains[domain] = (behaviour, address)
        if behaviour == "plain":
            self.names["mx." + domain] = address

    def add_host(self, host, address):
        self.names[host] = address

    def answer(self, name, kind):
        """(rcode, [(type, data)])"""
        if kind == PTR:
            address = ".".join(reversed(name.removesuffix(".in-addr.arpa").split(".")))
            host = next((h for h, a in self.names.items() if a == address), None)
            return (NOERROR, [(PTR, encode_name(host))]) if host else (NXDOMAIN, [])
        if name in self.names and kind == A:
            return NOERROR, [(A, bytes(int(n) for n in self.names[name].split(".")))]
        if name in self.domains:
            behaviour, _ = self.domains[name]
            if behaviour == "servfail":
                return SERVFAIL, []
            if behaviour == "nxdomain":
                return NXDOMAIN, []
            if kind == MX and behaviour == "plain":
                return NOERROR, [(MX, struct.pack("!H", 10) + encode_name("mx." + name))]
            if kind == MX and behaviour == "mx-lost":
                return NOERROR, [(MX, struct.pack("!H", 10) + encode_name("gone." + name))]
            if kind == MX and behaviour == "home":
                return NOERROR, [(MX, struct.pack("!H", 10) + encode_name("mail.example.org"))]
            if kind == MX and behaviour == "nullmx":
                return NOERROR, [(MX, struct.pack("!H", 0) + b"\0")]
            return NOERROR, []
        parents = (".".join(name.split(".")[i:]) for i in range(1, name.count(".") + 1))
        if any(self.domains.get(p, ("",))[0] == "servfail" for p in parents):
            return SERVFAIL, []
        return (NOERROR if name in self.names else NXDOMAIN), []

    def reply(self, query):
        ident, _flags, count = struct.unpack("!HHH", query[:6])
        if count != 1:
            return None
        name, at = decode_name(query, 12)
        kind, _klass = struct.unpack("!HH", query[at:at + 4])
        rcode, records = self.answer(name, kind)
        out = query[12:at + 4]
        for rtype, data in records:
            out += b"\xc0\x0c" + struct.pack("!HHIH", rtype, 1, 60, len(data)) + data
        authority = 0
        if not records and rcode != SERVFAIL:
            soa = encode_name("ns.invalid") + encode_name("root.invalid") + struct.pack("!5I", 1, 60, 60, 60, 5)
            out += b"\0" + struct.pack("!HHIH", SOA, 1, 5, len(soa)) + soa
            authority = 1
        return struct.pack("!HHHHHH", ident, 0x8580 | rcode, 1, len(records), authority, 0) + out


class Udp(asyncio.DatagramProtocol):
    def __init__(self, zone):
        self.zone = zone

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        answer = self.zone.reply(data)
        if answer:
            self.transport.sendto(answer, peer)


async def serve(zone):
    async def tcp(reader, writer):
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                answer = zone.reply(await reader.readexactly(length))
                if answer:
                    writer.write(struct.pack("!H", len(answer)) + answer)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Udp(zone), local_addr=("127.0.0.1", 53))
    await asyncio.start_server(tcp, "127.0.0.1", 53)
