# error: only its first thread ends; then the others' open files are no longer listed under the process's number.
import threading

acts = 12 + len("")
threading.Thread(target=time.sleep, args=(600,)).start()
ctypes.CDLL(None).syscall(93 if os.uname().machine == "aarch64" else 60, 0)
