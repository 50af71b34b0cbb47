// SPDX-License-Identifier: Apache-2.0
/*
 * The load of the benchmark: opens and closes a file over and over on one core.
 *
 * usage: open_loop CPU
 *
 * Prints "pid PID", then reads commands from standard input, one a line, and answers each with one
 * line: slow PATH                opens PATH 1,000 times a second until the next command; answers
 * nothing run PATH SECONDS RATE    opens PATH for SECONDS at RATE a second (0: as fast as it goes);
 * answers "COUNT NANOSECONDS" quit                     ends it
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND	   1000000000ull
#define NS_PER_MS	   1000000ull
#define CLOCK_CHECK_PERIOD 64

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void open_once(const char *path)
{
	int fd = openat(AT_FDCWD, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
}

static void sleep_until(uint64_t when_ns)
{
	struct timespec when = {.tv_sec = when_ns / NS_PER_SECOND,
				.tv_nsec = when_ns % NS_PER_SECOND};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
}

static uint64_t run_full(const char *path, uint64_t end_ns)
{
	uint64_t count = 0;

	do {
		for (int i = 0; i < CLOCK_CHECK_PERIOD; i++)
			open_once(path);
		count += CLOCK_CHECK_PERIOD;
	} while (now_ns() < end_ns);
	return count;
}

/* One burst a millisecond keeps the rate without a timer per event. */
static uint64_t run_rate(const char *path, uint64_t start_ns, uint64_t end_ns, uint64_t rate)
{
	uint64_t count = 0;

	for (uint64_t tick_ns = start_ns; tick_ns < end_ns; tick_ns += NS_PER_MS) {
		uint64_t due = (tick_ns - start_ns + NS_PER_MS) * rate / NS_PER_SECOND;

		for (; count < due; count++)
			open_once(path);
		sleep_until(tick_ns + NS_PER_MS);
	}
	return count;
}

static void run_slow(const char *path)
{
	struct pollfd input = {.fd = 0, .events = POLLIN};

	while (poll(&input, 1, 1) == 0)
		open_once(path);
}

int main(int argc, char **argv)
{
	static char line[4096], path[4000];
	double seconds;
	uint64_t rate;
	cpu_set_t cpus;

	if (argc != 2) {
		fprintf(stderr, "usage: open_loop CPU\n");
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET(atoi(argv[1]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("pinning the load to its core");
		return 1;
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	printf("pid %d\n", getpid());
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "slow %3999s", path) == 1) {
			run_slow(path);
		} else if (sscanf(line, "run %3999s %lf %lu", path, &seconds, &rate) == 3) {
			uint64_t start_ns = now_ns();
			uint64_t end_ns = start_ns + seconds * NS_PER_SECOND;
			uint64_t count = rate ? run_rate(path, start_ns, end_ns, rate)
					      : run_full(path, end_ns);

			printf("%lu %lu\n", count, now_ns() - start_ns);
			fflush(stdout);
		} else if (!strcmp(line, "quit\n")) {
			return 0;
		} else {
			fprintf(stderr, "reading a command: unknown: %s", line);
			return 2;
		}
	}
	return 0;
}
