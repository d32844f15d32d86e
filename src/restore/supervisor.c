/* phone-reset-supervisor: runs idevicerestore so that it outlives the app.
 *
 *     phone-reset-supervisor FOLDER [--lock-fd N] [--setenv NAME=VALUE]… -- PROGRAM [ARGUMENT…]
 *
 * It detaches, and returns 0 once PROGRAM has been started (2: could not; 3: no space left), with a line on standard
 * error in the latter cases. Detached it ignores hang-ups and interrupts, gives PROGRAM a pty for its output (on a pipe
 * idevicerestore keeps lines back), no input, FOLDER/work as its working directory and the variables of --setenv, which
 * are for PROGRAM only. It writes FOLDER/supervisor.json (who is running), FOLDER/output and FOLDER/errors (what was
 * said), and at last FOLDER/end.json: {"exit": N} or {"signal": N}. N of --lock-fd is a locked descriptor that it and
 * PROGRAM keep open: while it is locked, something of the run is alive. On SIGTERM it ends PROGRAM and all that came
 * from it by SIGKILL.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-process.h"
#include "pr-sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_LIMIT (64 * 1024 * 1024)
#define RESERVE (2 * PR_SINK_KEPT + 64 * 1024) /* so that the last words fit on a full disk */
#define END_ROOM 512
#define KILL_SECONDS 1.5
#define MAX_VARIABLES 64

enum { EXIT_FAILED = 2, EXIT_NO_SPACE = 3 };

typedef struct {
    const char *folder_path;
    char *variables[MAX_VARIABLES]; /* "NAME=value" */
    int n_variables;
    int lock_fd; /* -1: lock FOLDER/lock ourselves */
    char **argv;
} Options;

typedef struct {
    const Options *options;
    int ready_fd; /* says to whoever started us how it went */
    int folder;
    int end_fd;
    int signals;
    int terminal; /* our end of the pty; -1 at its end */
    int errors;   /* our end of the pipe; -1 at its end */
    pid_t tool;
    int status; /* of the tool */
    bool ended;
    PrSink output_sink;
    PrSink errors_sink;
} Supervisor;

/* What went wrong before the tool ran: for the waiting parent, which puts it on standard error. */
_Noreturn static void
fail (Supervisor *self, const char *what)
{
    int number = errno;
    char text[256];
    int n = snprintf (text, sizeof text, "%c%s: %s", number == ENOSPC || number == EDQUOT ? EXIT_NO_SPACE : EXIT_FAILED,
                      what, strerror (number));

    if (self->tool > 0)
        pr_process_end_children (KILL_SECONDS, 0, &self->status);
    if (write (self->ready_fd, text, (size_t) n) < 0)
        _exit (EXIT_FAILED);
    _exit (EXIT_FAILED);
}

static int
create (Supervisor *self, const char *name, off_t room)
{
    int fd = openat (self->folder, name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        fail (self, name);
    errno = room > 0 ? posix_fallocate (fd, 0, room) : 0;
    if (errno != 0)
        fail (self, name);
    return fd;
}

static bool
save (Supervisor *self, int fd, const char *text, const char *temporary, const char *name)
{
    size_t length = strlen (text);

    return pwrite (fd, text, length, 0) == (ssize_t) length && ftruncate (fd, (off_t) length) == 0 && fsync (fd) == 0 &&
           renameat (self->folder, temporary, self->folder, name) == 0 && fsync (self->folder) == 0;
}

static void
open_folder (Supervisor *self)
{
    self->folder = open (self->options->folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->folder < 0)
        fail (self, self->options->folder_path);
    if (mkdirat (self->folder, "work", 0700) < 0 && errno != EEXIST)
        fail (self, "work");
    /* kept open, and by the tool too: not O_CLOEXEC */
    int lock = self->options->lock_fd;
    if (lock < 0)
        lock = openat (self->folder, "lock", O_CREAT | O_RDWR | O_NOFOLLOW, 0600);
    if (lock < 0 || flock (lock, LOCK_EX | LOCK_NB) < 0)
        fail (self, "lock");
    close (create (self, "reserve", RESERVE));
    self->end_fd = create (self, "end.json.new", END_ROOM);
    self->output_sink = (PrSink) { .fd = create (self, "output", 0), .limit = OUTPUT_LIMIT };
    self->errors_sink = (PrSink) { .fd = create (self, "errors", 0), .limit = OUTPUT_LIMIT };
}

static void
prepare_signals (Supervisor *self)
{
    static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGTTOU, SIGTTIN };
    sigset_t set;

    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal (ignored[i], SIG_IGN);
    signal (SIGCHLD, SIG_DFL); /* we may have been started with it ignored, and would learn no status */
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGCHLD);
    sigprocmask (SIG_BLOCK, &set, NULL);
    self->signals = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (self->signals < 0 || prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
        fail (self, "signals");
}

/* Returns the tool's end of a pty that changes nothing of what is written. */
static int
open_terminal (Supervisor *self)
{
    struct termios mode;
    char name[128];

    self->terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (self->terminal < 0 || grantpt (self->terminal) < 0 || unlockpt (self->terminal) < 0 ||
        ptsname_r (self->terminal, name, sizeof name) != 0)
        fail (self, "terminal");
    int fd = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || tcgetattr (fd, &mode) < 0)
        fail (self, "terminal");
    cfmakeraw (&mode);
    if (tcsetattr (fd, TCSANOW, &mode) < 0)
        fail (self, "terminal");
    return fd;
}

/* In the tool's process: everything as it would be at a prompt, but for SIGPIPE, which stays ignored: should we die,
 * the tool must not, half-way. */
_Noreturn static void
become_tool (Supervisor *self, int output, int errors, int go)
{
    static const int restored[] = { SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTTOU, SIGTTIN };
    const Options *options = self->options;
    int work = openat (self->folder, "work", O_RDONLY | O_DIRECTORY | O_CLOEXEC), null = open ("/dev/null", O_RDONLY);
    sigset_t none;
    char byte;

    setsid ();
    sigemptyset (&none);
    sigprocmask (SIG_SETMASK, &none, NULL);
    for (size_t i = 0; i < sizeof restored / sizeof *restored; i++)
        signal (restored[i], SIG_DFL);
    if (work < 0 || fchdir (work) < 0 || dup2 (null, 0) < 0 || dup2 (output, 1) < 0 || dup2 (errors, 2) < 0)
        _exit (126);
    close (null);
    for (int i = 0; i < options->n_variables; i++)
        putenv (options->variables[i]);
    if (read (go, &byte, 1) != 1)
        _exit (126);
    execv (options->argv[0], options->argv);
    fprintf (stderr, "%s: %s\n", options->argv[0], strerror (errno));
    _exit (127);
}

static void
write_who (Supervisor *self)
{
    char text[END_ROOM];
    int fd = create (self, "supervisor.json.new", 0);

    snprintf (text, sizeof text,
              "{\"supervisor\": %d, \"supervisor-start\": %" PRIu64 ", \"tool\": %d, \"tool-start\": %" PRIu64
              ", \"time\": %lld}\n",
              (int) getpid (), pr_process_start_time (getpid ()), (int) self->tool, pr_process_start_time (self->tool),
              (long long) time (NULL));
    if (!save (self, fd, text, "supervisor.json.new", "supervisor.json"))
        fail (self, "supervisor.json");
    close (fd);
}

static void
start_tool (Supervisor *self)
{
    int errors[2], go[2], output = open_terminal (self);

    if (pipe2 (errors, O_CLOEXEC) < 0 || pipe2 (go, O_CLOEXEC) < 0)
        fail (self, "pipe");
    self->tool = fork ();
    if (self->tool == 0) {
        close (go[1]);
        become_tool (self, output, errors[1], go[0]);
    }
    if (self->tool < 0)
        fail (self, "fork");
    close (output);
    close (errors[1]);
    close (go[0]);
    self->errors = errors[0];
    fcntl (self->errors, F_SETFL, O_NONBLOCK);
    write_who (self);
    if (write (go[1], "g", 1) != 1)
        fail (self, "start");
    close (go[1]);
}

/* Takes what is there now. Returns whether there may be more. */
static bool
copy (int *fd, PrSink *sink)
{
    char buffer[65536];
    ssize_t n = *fd < 0 ? 0 : read (*fd, buffer, sizeof buffer);

    if (n > 0) {
        pr_sink_write (sink, buffer, (size_t) n);
        return true;
    }
    /* a pty whose other end is closed answers EIO */
    if (*fd >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR))) {
        close (*fd);
        *fd = -1;
    }
    return false;
}

static void
take_signals (Supervisor *self)
{
    struct signalfd_siginfo info;
    int status = 0;

    while (read (self->signals, &info, sizeof info) == (ssize_t) sizeof info) {
        if (info.ssi_signo == SIGTERM) {
            kill (-self->tool, SIGKILL);
            pr_process_end_children (KILL_SECONDS, self->tool, &self->status);
            self->ended = true;
        }
    }
    for (pid_t pid; !self->ended && (pid = waitpid (-1, &status, WNOHANG)) > 0;) {
        self->ended = pid == self->tool;
        self->status = self->ended ? status : self->status;
    }
}

static void
supervise (Supervisor *self)
{
    while (!self->ended) {
        struct pollfd watched[] = {
            { .fd = self->signals, .events = POLLIN },
            { .fd = self->terminal, .events = POLLIN },
            { .fd = self->errors, .events = POLLIN },
        };

        poll (watched, 3, -1);
        copy (&self->terminal, &self->output_sink);
        copy (&self->errors, &self->errors_sink);
        take_signals (self);
    }
}

static void
write_end (Supervisor *self)
{
    char text[END_ROOM];
    bool killed = WIFSIGNALED (self->status);

    snprintf (text, sizeof text, "{\"%s\": %d, \"time\": %lld}\n", killed ? "signal" : "exit",
              killed ? WTERMSIG (self->status) : WEXITSTATUS (self->status), (long long) time (NULL));
    save (self, self->end_fd, text, "end.json.new", "end.json");
}

static void
run (Supervisor *self)
{
    self->status = SIGKILL; /* unless a better answer is found */
    open_folder (self);
    prepare_signals (self);
    start_tool (self);
    if (write (self->ready_fd, "", 1) == 1)
        close (self->ready_fd);
    supervise (self);
    pr_process_end_children (KILL_SECONDS, self->tool, &self->status);
    while (copy (&self->terminal, &self->output_sink))
        continue;
    while (copy (&self->errors, &self->errors_sink))
        continue;
    unlinkat (self->folder, "reserve", 0);
    pr_sink_finish (&self->output_sink);
    pr_sink_finish (&self->errors_sink);
    write_end (self);
}

/* Lets go of whoever started us: another session, no terminal, no shared descriptors, no parent. */
_Noreturn static void
detach_and_run (const Options *options, int ready_fd)
{
    Supervisor self = { .options = options, .ready_fd = ready_fd, .terminal = -1, .errors = -1 };

    setsid ();
    if (fork () != 0)
        _exit (0);
    int null = open ("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2; fd++)
        dup2 (null, fd);
    if (null > 2)
        close (null);
    run (&self);
    _exit (0);
}

/* Waits for the first word of the detached process: "" is good, else an exit status and a text. */
static int
wait_for_start (int fd)
{
    char text[256] = { EXIT_FAILED };
    ssize_t n;

    do
        n = read (fd, text, sizeof text - 1);
    while (n < 0 && errno == EINTR);
    if (n == 1 && text[0] == '\0')
        return 0;
    fprintf (stderr, "phone-reset-supervisor: %s\n", n > 1 ? text + 1 : "ended before it started");
    return text[0];
}

static bool
parse (Options *options, int argc, char **argv)
{
    int i = 2;

    for (; i + 1 < argc && strcmp (argv[i], "--") != 0; i += 2) {
        if (strcmp (argv[i], "--lock-fd") == 0)
            options->lock_fd = atoi (argv[i + 1]);
        else if (strcmp (argv[i], "--setenv") == 0 && options->n_variables < MAX_VARIABLES &&
                 strchr (argv[i + 1], '=') != NULL)
            options->variables[options->n_variables++] = argv[i + 1];
        else
            return false;
    }
    if (i + 1 >= argc || strcmp (argv[i], "--") != 0)
        return false;
    options->folder_path = argv[1];
    options->argv = argv + i + 1;
    return true;
}

int
main (int argc, char **argv)
{
    Options options = { .lock_fd = -1 };
    int ready[2];

    if (!parse (&options, argc, argv)) {
        fprintf (stderr, "usage: phone-reset-supervisor FOLDER [--lock-fd N] [--setenv NAME=VALUE]... -- PROGRAM "
                         "[ARGUMENT]...\n");
        return EXIT_FAILED;
    }
    if (pipe2 (ready, O_CLOEXEC) < 0)
        return EXIT_FAILED;
    pid_t pid = fork ();
    if (pid == 0) {
        close (ready[0]);
        detach_and_run (&options, ready[1]);
    }
    close (ready[1]);
    if (pid > 0)
        waitpid (pid, NULL, 0);
    return pid < 0 ? EXIT_FAILED : wait_for_start (ready[0]);
}
