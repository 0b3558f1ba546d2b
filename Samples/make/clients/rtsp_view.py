"""Looks at a camera's RTSP service: OPTIONS and DESCRIBE. Usage: rtsp_view.py HOST"""

import socket
import sys

with socket.create_connection((sys.argv[1], 554), timeout=5) as camera:
    for number, method in enumerate(("OPTIONS", "DESCRIBE"), start=1):
        camera.sendall(f"{method} rtsp://{sys.argv[1]}/line1 RTSP/1.0\r\nCSeq: {number}\r\n"
                       "User-Agent: LibVLC/3.0.20\r\n\r\n".encode())
        print(camera.recv(2048))
