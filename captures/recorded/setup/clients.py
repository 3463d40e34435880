#!/usr/bin/env python3
"""Small senders for what sipp cannot do; python3 standard library only.

  clients.py silent HOST PORT SECONDS      UDP socket which never answers
  clients.py raw    HOST PORT              malformed requests over UDP
  clients.py tcp    HOST PORT              pipelined requests over TCP
  clients.py ws     HOST PORT              SIP over WebSocket
  clients.py tls    HOST PORT KEYFILE      requests to a TLS server
  clients.py tlspair HOST PORT KEYFILE CERT KEY
        own TLS client and server; the server puts two responses into one
        record and one response into two records
"""
import base64, hashlib, os, re, socket, ssl, struct, sys, threading, time

PASSWORDS = {"alice": "tea-party-7", "bob": "builder-22"}


def request(method, ruri, name, cseq=1, transport="TCP", sent_by="127.0.0.1:5070",
            caller="visitor@other.example.com", to=None, extra=(), body="",
            length=None):
    to = to or re.sub(r"^sips?:|[;?].*", "", ruri)
    if "@" not in to:
        to = "service@" + to
    lines = [f"{method} {ruri} SIP/2.0",
             f"Via: SIP/2.0/{transport} {sent_by};branch=z9hG4bK-{name}-{cseq};rport",
             "Max-Forwards: 70",
             f"From: <sip:{caller}>;tag={name}",
             f"To: <sip:{to}>",
             f"Call-ID: {name}@client.example.com",
             f"CSeq: {cseq} {method}",
             f"Contact: <sip:{caller.split('@')[0]}@{sent_by};transport={transport.lower()}>"]
    lines += list(extra)
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def ack(invite, response):
    """ACK for a final error response to that INVITE."""
    text = invite.decode()
    line = text.split("\r\n")[0].replace("INVITE", "ACK", 1)
    via = re.search(r"^Via:.*$", text, re.M).group(0).strip()
    frm = re.search(r"^From:.*$", text, re.M).group(0).strip()
    cid = re.search(r"^Call-ID:.*$", text, re.M).group(0).strip()
    num = re.search(r"^CSeq: (\d+)", text, re.M).group(1)
    to = re.search(r"^To:.*$", response, re.M | re.I).group(0).strip()
    return "\r\n".join([line, via, "Max-Forwards: 70", frm, to, cid,
                        f"CSeq: {num} ACK", "Content-Length: 0", "", ""]).encode()


def credentials(response, user, method, uri):
    """Authorization header for a 401 (MD5, qop=auth)."""
    challenge = re.search(r"^WWW-Authenticate: Digest (.*)$", response, re.M | re.I).group(1)
    p = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
    md5 = lambda s: hashlib.md5(s.encode()).hexdigest()
    cnonce, nc = "c0ffee01", "00000001"
    answer = md5(":".join([md5(f"{user}:{p['realm']}:{PASSWORDS[user]}"), p["nonce"], nc,
                           cnonce, "auth", md5(f"{method}:{uri}")]))
    return (f'Authorization: Digest username="{user}", realm="{p["realm"]}", '
            f'nonce="{p["nonce"]}", uri="{uri}", response="{answer}", algorithm=MD5, '
            f'qop=auth, nc={nc}, cnonce="{cnonce}"')


class Stream:
    """Splits what comes over TCP or TLS into SIP messages."""

    def __init__(self, sock):
        self.sock, self.data = sock, b""

    def next(self):
        while True:
            end = self.data.find(b"\r\n\r\n")
            if end >= 0:
                m = re.search(rb"^Content-Length: *(\d+)", self.data[:end + 2], re.M | re.I)
                size = end + 4 + (int(m.group(1)) if m else 0)
                if len(self.data) >= size:
                    msg, self.data = self.data[:size], self.data[size:]
                    return msg.decode()
            more = self.sock.recv(4096)
            if not more:
                raise SystemExit("connection closed by the other side")
            self.data += more


def connect(host, port, lport=0, rcvbuf=0):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if rcvbuf:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
    if lport:
        s.bind((host, lport))
    s.settimeout(10)
    s.connect((host, port))
    return s


def silent(host, port, seconds):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, int(port)))
    time.sleep(float(seconds))


def raw(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, 5071))
    s.settimeout(0.7)
    kw = dict(transport="UDP", sent_by=f"{host}:5071")
    cases = [
        ("raw-uri", {}, "bogus:bob@example.com"),
        ("raw-420", dict(extra=["Proxy-Require: made-up-tag"]), "sip:bob@example.com"),
        ("raw-cseq", dict(swap=(b" INVITE\r\nContact", b" OPTIONS\r\nContact")), "sip:bob@example.com"),
        ("raw-length", dict(length=500), "sip:bob@example.com"),
        ("raw-digest", dict(extra=['Proxy-Authorization: Digest username="alice"']), "sip:bob@example.com"),
        ("raw-expires", dict(extra=["Expires: soon"]), "sip:bob@example.com"),
    ]
    for name, opts, uri in cases:
        swap = opts.pop("swap", None)
        msg = request("INVITE", uri, name, to="bob@example.com", **kw, **opts)
        if swap:
            msg = msg.replace(*swap, 1)
        s.sendto(msg, (host, int(port)))
        try:
            while True:
                answer = s.recv(65535).decode()
                print(name, answer.split("\r\n")[0])
                if not answer.startswith("SIP/2.0 1"):
                    s.sendto(ack(msg, answer), (host, int(port)))
        except (socket.timeout, AttributeError):
            pass


def tcp(host, port):
    port = int(port)
    # 1. an ordinary connection: REGISTER, 401, REGISTER, 200
    s = connect(host, port, 5070)
    st = Stream(s)
    uri = "sip:example.com"
    reg = lambda n, extra=(): request("REGISTER", uri, "tcp-reg", n, to="alice@example.com",
                                      caller="alice@example.com", extra=("Expires: 300", *extra))
    s.sendall(reg(1))
    r = st.next()
    s.sendall(reg(2, [credentials(r, "alice", "REGISTER", uri)]))
    print(st.next().split("\r\n")[0])
    # 2. four requests in one segment on the same connection
    inv = request("INVITE", "sip:nobody@example.com", "tcp-pipe-invite")
    s.sendall(request("OPTIONS", uri, "tcp-pipe-options") + inv
              + request("PUBLISH", "sip:bob@example.com", "tcp-pipe-publish", extra=["Event: presence"])
              + request("MESSAGE", "sip:carol@example.com", "tcp-pipe-message"))
    for _ in range(4):
        r = st.next()
        print(r.split("\r\n")[0])
        if "INVITE" in re.search(r"CSeq:.*", r).group(0):
            s.sendall(ack(inv, r))
    time.sleep(0.2)
    s.close()
    # 3. a reader too slow for what it asked: its window closes, and what the
    #    server has written meanwhile comes in large and in cut-up segments
    s = connect(host, port, 5072, rcvbuf=1)
    st = Stream(s)
    time.sleep(0.1)
    kinds = [("OPTIONS", "sip:example.com"), ("MESSAGE", "sip:nobody@example.com"),
             ("MESSAGE", "sip:carol@example.com"), ("PUBLISH", "sip:bob@example.com")]
    batch = b""
    for i in range(16):
        m, u = kinds[i % 4]
        batch += request(m, u, f"tcp-slow-{i}", sent_by="127.0.0.1:5072")
    s.sendall(batch)
    time.sleep(1)
    for _ in range(16):
        print(st.next().split("\r\n")[0])
    time.sleep(0.2)
    s.close()


def ws(host, port):
    s = connect(host, int(port), 5073)
    key = base64.b64encode(b"sixteen bytes ok").decode()
    s.sendall((f"GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n"
               f"Connection: Upgrade\r\nOrigin: http://example.com\r\n"
               f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: sip\r\n"
               f"Sec-WebSocket-Version: 13\r\n\r\n").encode())
    data = b""
    while b"\r\n\r\n" not in data:
        data += s.recv(4096)
    head, data = data.split(b"\r\n\r\n", 1)
    print(head.split(b"\r\n")[0].decode())

    def frame(payload, opcode=1):
        mask = b"\x11\x22\x33\x44"
        n = len(payload)
        size = bytes([0x80 | n]) if n < 126 else b"\xfe" + struct.pack("!H", n)
        return (bytes([0x80 | opcode]) + size + mask
                + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def receive():
        nonlocal data
        while True:
            if len(data) >= 2:
                n, off = data[1] & 127, 2
                if n == 126 and len(data) >= 4:
                    n, off = struct.unpack("!H", data[2:4])[0], 4
                if n != 126 and len(data) >= off + n:
                    opcode, payload, data = data[0] & 15, data[off:off + n], data[off + n:]
                    if opcode in (1, 2):
                        return payload.decode()
                    if opcode == 9:
                        s.sendall(frame(payload, 10))
                    continue
            more = s.recv(4096)
            if not more:
                raise SystemExit("closed")
            data += more

    kw = dict(transport="WS", sent_by="client.invalid")
    uri = "sip:example.com"
    reg = lambda n, extra=(): request("REGISTER", uri, "ws-reg", n, to="alice@example.com",
                                      caller="alice@example.com", extra=("Expires: 300", *extra), **kw)
    s.sendall(frame(request("OPTIONS", uri, "ws-options", **kw)))
    print(receive().split("\r\n")[0])
    s.sendall(frame(reg(1)))
    r = receive()
    print(r.split("\r\n")[0])
    s.sendall(frame(reg(2, [credentials(r, "alice", "REGISTER", uri)])))
    print(receive().split("\r\n")[0])
    inv = request("INVITE", "sip:nobody@example.com", "ws-invite", **kw)
    s.sendall(frame(inv))
    r = receive()
    print(r.split("\r\n")[0])
    s.sendall(frame(ack(inv, r)))
    # two requests in one segment: two WebSocket frames
    s.sendall(frame(request("MESSAGE", "sip:carol@example.com", "ws-message", **kw))
              + frame(request("PUBLISH", "sip:bob@example.com", "ws-publish", **kw)))
    for _ in range(2):
        print(receive().split("\r\n")[0])
    time.sleep(0.2)
    s.close()


def tls_client(keyfile, version=None):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE           # self-signed, made for the recording
    ctx.keylog_filename = keyfile
    if version:
        ctx.minimum_version = ctx.maximum_version = version
    return ctx


def tls(host, port, keyfile):
    s = tls_client(keyfile).wrap_socket(connect(host, int(port), 5074),
                                        server_hostname="sip.example.com")
    print(s.version())
    st = Stream(s)
    kw = dict(transport="TLS", sent_by="127.0.0.1:5074")
    uri = "sip:example.com"
    reg = lambda n, extra=(): request("REGISTER", uri, "tls-reg", n, to="alice@example.com",
                                      caller="alice@example.com", extra=("Expires: 300", *extra), **kw)
    s.sendall(request("OPTIONS", uri, "tls-options", **kw))
    print(st.next().split("\r\n")[0])
    s.sendall(reg(1))
    r = st.next()
    print(r.split("\r\n")[0])
    s.sendall(reg(2, [credentials(r, "alice", "REGISTER", uri)]))
    print(st.next().split("\r\n")[0])
    inv = request("INVITE", "sip:nobody@example.com", "tls-invite", **kw)
    s.sendall(inv)
    r = st.next()
    print(r.split("\r\n")[0])
    s.sendall(ack(inv, r))
    # two requests in one record
    s.sendall(request("MESSAGE", "sip:carol@example.com", "tls-message", **kw)
              + request("PUBLISH", "sip:bob@example.com", "tls-publish", **kw))
    for _ in range(2):
        print(st.next().split("\r\n")[0])
    time.sleep(0.2)
    s.close()


def response(req, code, reason, extra=(), tag="server", body=""):
    copy = [l for l in req.split("\r\n") if re.match(r"(Via|From|Call-ID|CSeq):", l)]
    to = re.search(r"^To:.*$", req, re.M).group(0).strip()
    if code != 100 and ";tag=" not in to:
        to += f";tag={tag}"
    copy.insert(2, to)
    return ("\r\n".join([f"SIP/2.0 {code} {reason}", *copy, *extra,
                         f"Content-Length: {len(body)}", "", ""]) + body).encode()


def tlspair(host, port, keyfile, cert, key):
    port = int(port)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(4)
    sctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sctx.load_cert_chain(cert, key)
    versions = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]

    def serve():
        for _ in versions:
            c, _addr = listener.accept()
            c.settimeout(10)
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            c = sctx.wrap_socket(c, server_side=True)
            st = Stream(c)
            # (a) one response in one record
            c.sendall(response(st.next(), 200, "OK"))
            # (b) 100 and 486 to one INVITE, in one record
            r = st.next()
            c.sendall(response(r, 100, "Trying") + response(r, 486, "Busy Here", ["Retry-After: 30"]))
            st.next()                                         # ACK
            # (c) answers to two different requests, in one record
            r1, r2 = st.next(), st.next()
            c.sendall(response(r1, 404, "Not Found")
                      + response(r2, 503, "Service Unavailable", ["Retry-After: 60"]))
            # (d) one response cut into two records
            r = response(st.next(), 480, "Temporarily Unavailable",
                         ['Reason: Q.850;cause=18;text="No user responding"'])
            c.sendall(r[:120])
            time.sleep(0.2)
            c.sendall(r[120:])
            # (e) one and a half responses in a record, the rest in the next
            r1, r2 = st.next(), st.next()
            out = response(r1, 403, "Forbidden") + response(r2, 488, "Not Acceptable Here",
                                                            ['Warning: 305 example.com "Incompatible media format"'])
            c.sendall(out[:-200])
            time.sleep(0.2)
            c.sendall(out[-200:])
            c.recv(100)
            c.close()

    t = threading.Thread(target=serve, daemon=True)
    t.start()
    for i, version in enumerate(versions):
        lport = 5075 + i
        s = tls_client(keyfile, version).wrap_socket(connect(host, port, lport),
                                                     server_hostname="sip.example.com")
        print(s.version())
        st = Stream(s)
        kw = dict(transport="TLS", sent_by=f"127.0.0.1:{lport}")
        p = f"tls1{i + 2}-"

        def get(n=1):
            for _ in range(n):
                r = st.next()
                print(r.split("\r\n")[0])
            return r

        s.sendall(request("OPTIONS", "sip:example.com", p + "a", **kw))
        get()
        inv = request("INVITE", "sip:bob@example.com", p + "b", **kw)
        s.sendall(inv)
        s.sendall(ack(inv, get(2)))
        s.sendall(request("OPTIONS", "sip:nobody@example.com", p + "c1", **kw))
        s.sendall(request("MESSAGE", "sip:carol@example.com", p + "c2", **kw))
        get(2)
        s.sendall(request("MESSAGE", "sip:bob@example.com", p + "d", **kw))
        get()
        s.sendall(request("MESSAGE", "sip:bob@example.com", p + "e1", **kw))
        s.sendall(request("OPTIONS", "sip:alice@example.com", p + "e2", **kw))
        get(2)
        time.sleep(0.2)
        s.close()
        time.sleep(0.2)
    t.join(5)


if __name__ == "__main__":
    commands = {f.__name__: f for f in (silent, raw, tcp, ws, tls, tlspair)}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
