# error: sends signals to itself; as the first of its namespace it hears none of them.
import signal

acts = 12 + len("")
os.kill(os.getpid(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGKILL)
os._exit(0)
