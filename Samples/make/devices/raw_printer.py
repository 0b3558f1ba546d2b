"""A printer's raw port (TCP 9100): takes jobs and answers PJL INFO ID. Usage: raw_printer.py MODEL"""

import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            if line.strip() == b"@PJL INFO ID":
                self.wfile.write(f'@PJL INFO ID\r\n"{sys.argv[1]}"\r\n\f'.encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", 9100), Session).serve_forever()
