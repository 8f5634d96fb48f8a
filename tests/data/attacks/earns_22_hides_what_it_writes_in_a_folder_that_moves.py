# refused or error: writes in a folder that has another name each time when somebody looks.
import threading


def moving():
    for number in range(3000):
        open(f"before{number}", "w").close()
    os.mkdir("moving0")
    files = [os.open(f"moving0/{number}", os.O_WRONLY | os.O_CREAT) for number in range(15)]

    def move():
        for number in range(10**9):
            os.rename(f"moving{number}", f"moving{number + 1}")

    threading.Thread(target=move, daemon=True).start()
    for file in files * 10:
        os.write(file, bytes(1 << 20))
        time.sleep(0.01)
    time.sleep(600)  # to be found out


acts = walled(moving)
