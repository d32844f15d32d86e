// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The program's name stands in brackets and may hold brackets and spaces itself: fields are counted from its end. */
static bool
read_stat (pid_t pid, int *parent, uint64_t *start_time)
{
    char path[64], text[1024];

    snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
    int fd = open (path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read (fd, text, sizeof text - 1);
    close (fd);
    if (n <= 0)
        return false;
    text[n] = '\0';
    const char *rest = strrchr (text, ')');
    return rest != NULL && sscanf (rest + 1,
                                   " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
                                   "%" SCNu64,
                                   parent, start_time) == 2;
}

uint64_t
pr_process_start_time (pid_t pid)
{
    uint64_t start_time = 0;
    int parent = 0;

    return read_stat (pid, &parent, &start_time) ? start_time : 0;
}

bool
pr_process_signal (pid_t pid, uint64_t start_time, int number)
{
    if (pid <= 1 || start_time == 0)
        return false;
    int fd = pidfd_open (pid, 0);
    if (fd < 0)
        return false;
    /* the descriptor holds the process, so the number cannot pass to another one after this look */
    bool same = pr_process_start_time (pid) == start_time && pidfd_send_signal (fd, number, NULL, 0) == 0;
    close (fd);
    return same;
}

static void
kill_children (void)
{
    DIR *folder = opendir ("/proc");
    pid_t self = getpid ();

    for (struct dirent *entry; folder != NULL && (entry = readdir (folder)) != NULL;) {
        pid_t pid = (pid_t) strtol (entry->d_name, NULL, 10);
        uint64_t start_time = 0;
        int parent = 0;

        if (pid > 1 && read_stat (pid, &parent, &start_time) && parent == self)
            kill (pid, SIGKILL);
    }
    if (folder != NULL)
        closedir (folder);
}

/* Returns whether there are children still. */
static bool
reap (pid_t leader, int *status)
{
    for (;;) {
        int ended = 0;
        pid_t pid = waitpid (-1, &ended, WNOHANG);

        if (pid == leader && pid > 0)
            *status = ended;
        if (pid < 0 && errno != EINTR)
            return false;
        if (pid == 0)
            return true;
    }
}

static double
now (void)
{
    struct timespec time;

    clock_gettime (CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

bool
pr_process_end_children (double seconds, pid_t leader, int *status)
{
    const struct timespec pause = { .tv_nsec = 5 * 1000 * 1000 };
    double end = now () + seconds;

    while (reap (leader, status)) {
        if (now () > end)
            return false;
        kill_children ();
        nanosleep (&pause, NULL);
    }
    return true;
}
