"""A network camera's RTSP service (RFC 2326): OPTIONS and DESCRIBE, no stream.

Usage: rtsp_camera.py SERVER_NAME
"""

import socketserver
import sys

SERVER = sys.argv[1]
SDP = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=line1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            words = line.decode("latin-1").split()
            number = "0"
            while (field := self.rfile.readline().strip()):
                if field.lower().startswith(b"cseq:"):
                    number = field.split(b":", 1)[1].strip().decode()
            head = f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nServer: {SERVER}\r\n"
            if words and words[0] == "OPTIONS":
                self.wfile.write((head + "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n").encode())
            elif words and words[0] == "DESCRIBE":
                body = f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}"
                self.wfile.write((head + body).encode())
            else:
                self.wfile.write(f"RTSP/1.0 501 Not Implemented\r\nCSeq: {number}\r\n\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", 554), Session).serve_forever()
