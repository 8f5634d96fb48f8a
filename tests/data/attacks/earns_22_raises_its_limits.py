# refused: gives itself more memory, files and time.
import resource

kinds = (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_CPU)


def raised(kind):
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:
        raise OSError(error) from None


acts = walled(
    *(lambda kind=kind: raised(kind) for kind in kinds),
    *(lambda pid=pid: resource.prlimit(pid, resource.RLIMIT_AS) for pid in (there["grader"], there["warm"])),
    lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
    lambda: os.nice(-20),
)
