"""What tools/storm, tools/load and tools/size start and ask: a PostgreSQL of their own, a simulated account, a server, all on loopback."""
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request


class Database:
    """A PostgreSQL server in a folder, reached over a socket there; it runs as another user where this one is root."""

    def __init__(self, folder):
        self.folder = folder
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not programs:
            sys.exit("PostgreSQL is not installed here")
        self.programs = os.path.dirname(programs[-1])
        self.user = {}
        if os.geteuid() == 0:
            self.user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres")
        data = folder + "/data"
        subprocess.run([self.programs + "/initdb", "-D", data, "-U", "midwatch", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        self.process = subprocess.Popen([self.programs + "/postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
                                        stderr=open(folder + "/log", "w"), cwd="/", **self.user)
        self.address = f"postgresql:///postgres?host={folder}&user=midwatch"
        wait(lambda: os.path.exists(folder + "/.s.PGSQL.5432") and self.works("SELECT 1"), 30, "PostgreSQL")

    def works(self, sql):
        return subprocess.run(["psql", self.address, "-qAtc", sql], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def rows(self, sql):
        out = subprocess.run(["psql", self.address, "-v", "ON_ERROR_STOP=1", "-qAt", "-F", "\t", "-c", sql], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        return [line.split("\t") for line in out.splitlines()]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder)


class Member:
    """One of the processes; started again, it is another process of the same kind."""

    def __init__(self, command, environment, log):
        self.command, self.environment, self.log = command, environment, log
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=self.log)

    def kill(self):
        self.process.kill()
        self.process.wait()


def wait(done, seconds, what):
    end = time.time() + seconds
    while not done():
        if time.time() > end:
            sys.exit(f"{what} takes longer than {seconds} s")
        time.sleep(0.1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(address, body=None):
    request = urllib.request.Request(address, data=json.dumps(body).encode() if body else None, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def answers(address):
    try:
        return ask(address + "/healthz")["status"] == "ok"
    except OSError:
        return False


def simulated_account(midwatch, world, latency, log):
    """The process of a sandbox, and the environment in which it is the account."""
    process = subprocess.Popen([midwatch, "sandbox", "--world", world, "--port", "0", "--latency", latency], stdout=subprocess.PIPE, stderr=log,
                               text=True)
    environment = dict(os.environ)
    for line in process.stdout:
        if not line.startswith("export "):
            break
        name, value = line[len("export "):].strip().split("=", 1)
        environment[name] = value
    return process, environment
